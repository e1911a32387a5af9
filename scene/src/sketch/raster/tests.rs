//! What a raster makes of sketches: as many pixels as they cover, where they are and in their colors.

use shared::geometry::Bounds;

use super::*;

const LIE: Lie = Lie { scale: 0.5, origin: (10.0, 20.0) };
const INK: Color = Color { r: 200, g: 100, b: 50, a: 255 };

/// A raster with the sketches on it, seen with `lie`.
fn painted(sketches: &[Sketch], lie: Lie) -> Raster {
    let mut raster = Raster::new(100);
    for sketch in sketches {
        assert!(raster.paint(sketch, lie, (1.0, 0.2), |it| it));
    }
    raster
}

/// All pixels of it.
fn pixels(raster: &mut Raster) -> Vec<[u8; 4]> {
    let mut all = vec![[0; 4]; 100 * 100];
    while let Some(([left, top, width, height], bytes)) = raster.take([0.0, 0.0, 100.0, 100.0]) {
        assert_eq!(bytes.len() as u32, 4 * width * height);
        for (n, pixel) in bytes.as_chunks::<4>().0.iter().enumerate() {
            let (column, row) = (n as u32 % width + left, n as u32 / width + top);
            all[(row * 100 + column) as usize] = *pixel;
        }
    }
    all
}

/// How many pixels are covered in all.
fn amount(pixels: &[[u8; 4]]) -> f64 {
    pixels.iter().map(|it| f64::from(it[3])).sum::<f64>() / 255.0
}

fn line(points: &[(f64, f64)], width: f64) -> Sketch {
    let points = points.iter().map(|&(x, y)| BoardPoint::new(x, y)).collect();
    Sketch::Lines(vec![points], INK, width)
}

fn area(points: &[(f64, f64)]) -> Sketch {
    let edge = points.iter().map(|&(x, y)| BoardPoint::new(x, y)).collect();
    Sketch::Area { edge, fill: INK, stroke: Color::TRANSPARENT, width: 0.0 }
}

#[track_caller]
fn assert_near(is: f64, should: f64, by: f64) {
    assert!((is - should).abs() <= by, "{is} instead of {should}");
}

#[test]
fn a_line_covers_as_many_pixels_as_it_is_long_and_broad() {
    for width in [0.4, 1.0, 2.0, 3.0, 4.0] {
        for (dx, dy) in [(100.0, 0.0), (0.0, 100.0), (60.0, 80.0), (-80.0, 60.0), (33.0, -2.0)] {
            let sketch = line(&[(80.3, 60.7), (80.3 + dx, 60.7 + dy)], width);
            let amount = amount(&pixels(&mut painted(&[sketch], LIE)));
            let should = (width * LIE.scale).max(0.2) * f64::hypot(dx, dy) * LIE.scale;
            assert_near(amount, should, 0.12 * should + 0.5);
        }
    }
}

#[test]
fn a_line_is_even_and_where_it_should_be() {
    // One pixel, from (20, 40.5) to (80, 40.5) on the raster, so all of it in one row.
    let pixels = pixels(&mut painted(&[line(&[(20.0, 41.0), (140.0, 41.0)], 2.0)], LIE));
    for column in 22..78 {
        let [r, g, b, a] = pixels[40 * 100 + column];
        assert!(a >= 240, "{a} at {column}");
        assert!((r.abs_diff(200) | g.abs_diff(100) | b.abs_diff(50)) <= 3);
        assert_eq!(pixels[39 * 100 + column][3] | pixels[41 * 100 + column][3], 0);
    }
}

#[test]
fn an_area_covers_what_is_within_its_edge_either_way_around() {
    let mut triangle = vec![(10.0, 10.0), (150.0, 40.0), (60.0, 130.0)];
    // Half of the product of two sides, and half as long on each.
    let should = (140.0 * 120.0 - 30.0 * 50.0) / 2.0 / 4.0;
    for _ in 0..2 {
        let mut raster = painted(&[area(&triangle)], LIE);
        assert_near(amount(&pixels(&mut raster)), should, 2.0);
        triangle.reverse();
    }
    let square = area(&[(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)]);
    let pixels = pixels(&mut painted(&[square], LIE));
    let opaque = pixels.iter().filter(|it| **it == [200, 100, 50, 255]).count();
    assert_eq!((opaque, amount(&pixels)), (100, 100.0), "whole pixels have no soft edge");
}

#[test]
fn what_reaches_beyond_the_raster_is_cut_off_there() {
    let far = 1e7;
    let all = area(&[(-far, -far), (far, -far), (far, far), (-far, far)]);
    assert_near(amount(&pixels(&mut painted(&[all], LIE))), 10_000.0, 0.0);
    let across = line(&[(-far, 40.0), (far, 40.0)], 2.0);
    assert_near(amount(&pixels(&mut painted(&[across], LIE))), 100.0, 3.0);
    let beside =
        [line(&[(-far, -90.0), (far, -90.0)], 2.0), area(&[(1e3, 0.0), (2e3, 0.0), (1e3, 9.0)])];
    assert_eq!(amount(&pixels(&mut painted(&beside, LIE))), 0.0);
    let odd = [f64::NAN, f64::INFINITY, -f64::INFINITY, f64::MAX];
    for (x, y) in odd.iter().flat_map(|&x| odd.map(|y| (x, y))) {
        painted(
            &[line(&[(0.0, 0.0), (x, y), (y, 3.0)], 2.0), area(&[(0.0, 0.0), (x, y), (9.0, y)])],
            LIE,
        );
    }
}

#[test]
fn two_halves_side_by_side_are_the_whole() {
    let sketches = [
        line(&[(10.0, 10.0), (310.0, 170.0), (20.0, 150.0)], 2.5),
        area(&[(30.0, 5.0), (350.0, 90.0), (40.0, 190.0)]),
    ];
    let beside = Lie { origin: (LIE.origin.0 - 100.0, LIE.origin.1), ..LIE };
    for sketch in sketches {
        let sketch = [sketch];
        let (left, right) = (painted(&sketch, LIE), painted(&sketch, beside));
        let mut whole = Raster::new(200);
        assert!(whole.paint(&sketch[0], LIE, (1.0, 0.2), |it| it));
        let mut halves = [left, right].map(|mut it| pixels(&mut it));
        while let Some(([x0, y0, width, _], bytes)) = whole.take([0.0, 0.0, 200.0, 100.0]) {
            for (n, pixel) in bytes.as_chunks::<4>().0.iter().enumerate() {
                let (x, y) = (n as u32 % width + x0, n as u32 / width + y0);
                if y < 100 {
                    let half = &mut halves[(x / 100) as usize][(y * 100 + x % 100) as usize];
                    assert!(half[3].abs_diff(pixel[3]) < 24, "{half:?} {pixel:?} at {x}, {y}");
                    *half = [0; 4];
                }
            }
        }
        assert_eq!(halves.map(|it| amount(&it)), [0.0; 2], "nothing is only in a half");
    }
}

#[test]
fn what_was_taken_is_gone_and_the_rest_is_not() {
    let bar = Sketch::Bars(vec![Bounds { x0: -20.0, y0: -40.0, x1: 180.0, y1: 160.0 }], INK);
    let mut raster = painted(&[bar], LIE);
    let (part, bytes) = raster.take([20.0, 20.0, 30.0, 30.0]).expect("it is painted");
    assert_eq!((part, bytes.len()), ([16, 16, 16, 16], 4 * 16 * 16), "whole cells");
    assert!(raster.take([20.0, 20.0, 30.0, 30.0]).is_none());
    assert!(raster.take([-50.0, 20.0, -30.0, 30.0]).is_none() && raster.take([200.0; 4]).is_none());
    assert_near(amount(&pixels(&mut raster)), 10_000.0 - 256.0, 0.0);
    assert!(raster.take([0.0, 0.0, 100.0, 100.0]).is_none());
}

#[test]
fn colors_show_through_as_much_as_they_should() {
    let bar = |color| Sketch::Bars(vec![Bounds { x0: 0.0, y0: 0.0, x1: 100.0, y1: 100.0 }], color);
    let mut raster = painted(&[bar(INK)], LIE);
    let seen_as = |color: Color| Color { r: color.b, ..color };
    assert!(raster.paint(&bar(Color { a: 128, ..INK }), LIE, (0.5, 0.2), seen_as));
    let [r, g, b, a] = pixels(&mut raster)[40 * 100 + 30];
    // A quarter of 50 over 200.
    assert!(r.abs_diff(162) <= 1 && g.abs_diff(100) <= 1 && b.abs_diff(50) <= 1 && a >= 254);
    let mut raster = painted(&[bar(Color { a: 51, ..INK })], LIE);
    let [r, g, b, a] = pixels(&mut raster)[40 * 100 + 30];
    assert!(a == 51 && r.abs_diff(200) <= 3 && g.abs_diff(100) <= 3 && b.abs_diff(50) <= 3);
}

#[test]
fn broad_lines_are_left_to_who_paints_their_ends() {
    let mut raster = Raster::new(100);
    assert!(!raster.paint(&line(&[(0.0, 0.0), (50.0, 50.0)], 5.0), LIE, (1.0, 0.2), |it| it));
    assert_eq!(amount(&pixels(&mut raster)), 0.0);
}
