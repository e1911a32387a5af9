//! The routes beside the sockets, as other programs use them.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::excalidraw::FILE_MAX_ELEMENTS;
use shared::id::FileId;
use shared::limits::PICTURE_MAX_BYTES;
use tests::{TestServer, fixture};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;

#[tokio::test]
async fn a_drawing_is_imported_while_people_look_on() {
    let server = TestServer::start().await;
    let ann = server.site.join("r", "Ann").await;
    let before = ann.draw(-500.0, -500.0);
    ann.until_saved().await;
    for file in [
        "excalidrawlib/ferminrp_post-it.excalidrawlib",
        "excalidrawlib/g-script_charts.excalidrawlib",
        "boards/board-1000.excalidraw",
    ] {
        let n_before = server.site.elements("r").await.len() as u64;
        let body = fixture(file);
        let answer = server.site.json("POST /api/rooms/r/import", body.as_bytes()).await;
        let n_imported = answer["imported"].as_u64().unwrap();
        assert!(n_imported > 0, "{file}: {answer}");
        for skipped in answer["skipped"].as_array().unwrap() {
            assert!(
                skipped["id"].is_string() && skipped["reason"].is_string(),
                "{file}: {skipped}"
            );
        }
        let elements = server.site.elements("r").await;
        assert_eq!(elements.len() as u64, n_before + n_imported, "{file}");
        assert_eq!(elements[0]["id"], before.as_str(), "imports lie on top");
        ann.until_elements(&elements).await;
    }
    let late = server.site.join("r", "Late").await;
    late.until_elements(&server.site.elements("r").await).await;
}

#[tokio::test]
async fn elements_are_told_with_what_their_kind_has() {
    let server = TestServer::start().await;
    let file = r##"{"type": "excalidraw", "version": 2, "elements": [
        {"id": "a", "type": "freedraw", "x": 10, "y": 20, "width": 4, "height": 0,
         "points": [[0, 0], [4, 0]], "pressures": [0.25, 1.0], "strokeColor": "#e03131"},
        {"id": "b", "type": "holodeck", "x": 1, "y": 2, "width": 3, "height": 4}
    ]}"##;
    let answer = server.site.json("POST /api/rooms/r/import", file.as_bytes()).await;
    assert_eq!(answer["imported"], 1);
    assert_eq!(answer["skipped"][0]["id"], "b");
    let elements = server.site.elements("r").await;
    let ink = &elements[0];
    assert_eq!(ink["kind"], "ink");
    for number in ["x", "y", "w", "h", "angle"] {
        assert!(ink[number].is_number(), "{number}: {ink}");
    }
    assert_eq!(ink["points"][1][0], 14.0);
    assert_eq!(ink["points"][0].as_array().unwrap().len(), 3);
    let summary = server.site.json("GET /api/rooms/r", b"").await;
    assert_eq!(summary["elements"], 1);
    assert_eq!(summary["members"], 0);
    assert!(summary["sequence"].as_u64() > Some(0) && summary["bytes"].as_u64() > Some(0));
}

#[tokio::test]
async fn what_is_no_drawing_is_refused_in_words() {
    let server = TestServer::start().await;
    let deep = "[".repeat(100_000);
    for body in ["", "no JSON", "{\"type\": \"excalidraw\"", "[1, 2]", "{}", &deep] {
        let (status, text) = server.site.request("POST /api/rooms/r/import", body.as_bytes()).await;
        let start: String = body.chars().take(20).collect();
        assert!((400..500).contains(&status), "{start:?} is answered with {status}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert!(answer["error"].as_str().unwrap().len() > 10, "{start:?}: {text}");
    }
    assert!(server.site.elements("r").await.is_empty());
    assert_eq!(server.site.json("GET /api/rooms/r", b"").await["sequence"], 0);
}

#[tokio::test]
async fn a_room_has_a_proper_name_or_is_none() {
    let server = TestServer::start().await;
    for bad in ["a%20b", "a.b", "%C3%A4", &"x".repeat(65)] {
        for line in [
            format!("GET /api/rooms/{bad}/board"),
            format!("POST /api/rooms/{bad}/import"),
            format!("GET /b/{bad}"),
        ] {
            assert_eq!(server.site.request(&line, b"{}").await.0, 400, "{line}");
        }
        match connect_async(server.site.socket_url(bad)).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status(), 400, "{bad}"),
            other => panic!("{bad} opens a socket: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_server_says_that_it_is_well() {
    let server = TestServer::start().await;
    for line in ["GET /healthz", "GET /readyz"] {
        assert_eq!(server.site.request(line, b"").await.0, 200, "{line}");
    }
}

#[tokio::test]
async fn pictures_are_kept_by_what_they_are() {
    let server = TestServer::start().await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03 and so on";
    let id = FileId::of_digest(Sha256::digest(png).into());
    let other = FileId::of_digest([7; 32]);
    let status = async |line: String, body: &[u8]| server.site.request(&line, body).await.0;
    assert_eq!(status(format!("GET /api/rooms/r/files/{id}"), b"").await, 404);
    assert_eq!(status(format!("PUT /api/rooms/r/files/{other}"), png).await, 400);
    assert_eq!(status("PUT /api/rooms/r/files/..%2f..%2ftandem.db".into(), png).await, 400);
    assert_eq!(status(format!("PUT /api/rooms/a%20b/files/{id}"), png).await, 400);
    assert_eq!(status(format!("PUT /api/rooms/r/files/{id}"), png).await, 201);
    assert_eq!(status(format!("PUT /api/rooms/q/files/{id}"), png).await, 200);
    let (found, body) = server.site.request(&format!("GET /api/rooms/r/files/{id}"), b"").await;
    assert_eq!(found, 200);
    assert!(body.ends_with("\0\x03 and so on"), "{body:?}");
    let script = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    let svg = FileId::of_digest(Sha256::digest(script).into());
    assert_eq!(status(format!("PUT /api/rooms/r/files/{svg}"), script).await, 415);
    let large = vec![0; PICTURE_MAX_BYTES + 1];
    assert_eq!(status(format!("PUT /api/rooms/r/files/{id}"), &large).await, 413);
}

#[tokio::test]
async fn a_drawing_brings_its_pictures_and_tells_which_it_could_not() {
    let server = TestServer::start().await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03 and so on";
    let wide = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\0\x03 and so on";
    let other = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x04\0\0\0\x05 and so on";
    let url = |bytes: &[u8]| format!("data:image/png;base64,{}", STANDARD.encode(bytes));
    let large = format!("data:image/png;base64,{}", "A".repeat(PICTURE_MAX_BYTES / 3 * 4 + 8));
    let image = |id: &str, file: &str| json!({ "id": id, "type": "image", "x": 0, "y": 0, "width": 20, "height": 30, "fileId": file });
    let drawing = json!({
        "type": "excalidraw", "version": 2,
        "elements": [
            image("a", "good"), image("b", "good"), image("c", "wide"), image("d", "script"),
            image("e", "large"), image("f", "torn"), image("g", "none"), image("h", "broken"),
            { "id": "i", "type": "rectangle", "x": 0, "y": 0, "width": 20, "height": 30 },
            { "id": "j", "type": "image", "isDeleted": true, "fileId": "unseen" },
        ],
        "files": {
            "good": { "dataURL": url(png) }, "wide": { "dataURL": url(wide) },
            "script": { "dataURL": url(b"<svg onload='alert(1)'/>") }, "large": { "dataURL": large },
            "torn": { "dataURL": "data:image/png;base64,\u{fffd}" }, "broken": 7,
            "unseen": { "dataURL": url(other) },
        },
    });
    let answer = server.site.json("POST /api/rooms/r/import", drawing.to_string().as_bytes()).await;
    assert_eq!(answer["imported"], 3);
    let skipped = answer["skipped"].as_array().unwrap();
    let told: Vec<(&str, &str)> = skipped
        .iter()
        .map(|it| (it["id"].as_str().unwrap(), it["reason"].as_str().unwrap()))
        .collect();
    let expected = [
        ("c", "4096 pixels"),
        ("d", "no PNG"),
        ("e", "more than 10485760 bytes"),
        ("f", "was not taken"),
        ("g", "is not in the file"),
        ("h", "no bytes"),
    ];
    for ((id, why), (expected_id, word)) in told.iter().zip(expected) {
        assert!(*id == expected_id && why.contains(word), "{id}: {why}");
    }
    assert_eq!(told.len(), expected.len());
    let id = FileId::of_digest(Sha256::digest(png).into());
    let elements = server.site.elements("r").await;
    for element in &elements[..2] {
        assert_eq!(
            (&element["file"], &element["natural"]),
            (&json!(id.to_string()), &json!([2.0, 3.0]))
        );
    }
    let status = async |id: FileId| {
        server.site.request(&format!("GET /api/rooms/r/files/{id}"), b"").await.0
    };
    assert_eq!(status(id).await, 200);
    // Nobody sees it: it is not kept.
    let unseen = FileId::of_digest(Sha256::digest(other).into());
    assert_eq!(status(unseen).await, 404);
    // Nor is a picture of a drawing that is refused, however late it shows.
    let shown = json!({
        "type": "excalidraw", "version": 2, "files": { "unseen": { "dataURL": url(other) } },
        "elements": [image("a", "unseen")],
    });
    let many = json!({
        "type": "excalidraw", "version": 2, "files": { "unseen": { "dataURL": url(other) } },
        "elements": std::iter::once(image("a", "unseen"))
            .chain((0..FILE_MAX_ELEMENTS).map(|_| json!({})))
            .collect::<Vec<_>>(),
    });
    let (refused, _) =
        server.site.request("POST /api/rooms/r/import", many.to_string().as_bytes()).await;
    assert_eq!((refused, status(unseen).await), (422, 404));
    server.site.json("POST /api/rooms/r/import", shown.to_string().as_bytes()).await;
    assert_eq!(status(unseen).await, 200);
}
