//! How a picture of the board, or of what is selected, is to be, with a look at it.

use web_sys::HtmlCanvasElement;

use super::help::covering;
use super::icon::Icon;
use super::part::Part;
use crate::live::RwSignal;
use crate::shown::{Act, Action, ExportLook, ExportTo, Shown};

/// A row that switches something on or off.
struct Switch {
    name: &'static str,
    of: fn(&mut ExportLook) -> &mut bool,
}

static SWITCHES: [Switch; 3] = [
    Switch { name: "Only what is selected", of: |look| &mut look.is_selected },
    Switch { name: "Background", of: |look| &mut look.has_background },
    Switch { name: "Dark mode", of: |look| &mut look.is_dark },
];

static WAYS: [(&str, &str, ExportTo); 4] = [
    ("button primary", "PNG", ExportTo::Png),
    ("button", "SVG", ExportTo::Svg),
    ("button", "Copy PNG", ExportTo::CopyPng),
    ("button", "Copy SVG", ExportTo::CopySvg),
];

/// The dialog.
pub(crate) fn export_dialog(has_selection: bool, shown: Shown, act: Act) -> Part {
    let look = shown.export;
    let close = Part::button("icon-button", "Close")
        .on_click(move || shown.dialog.set(None))
        .child(Icon::CLOSE)
        .focused();
    let header = Part::html("<header><h2>Export image</h2>").child(close);
    let canvas = Part::html("<canvas>");
    let paper: HtmlCanvasElement = canvas.as_element();
    let size = move || {
        let (w, h, fits) = shown.export_size.get();
        let by = if fits { " pixels" } else { " pixels are too many for a PNG" };
        [&w.to_string(), " × ", &h.to_string(), by].concat()
    };
    let preview = Part::html("<figure>")
        .child(canvas)
        .child(Part::html("<figcaption>").live_text(size))
        .following(move || act.run(Action::Preview(look.get(), paper.clone())));
    let scales = [1, 2, 3].map(|scale| {
        Part::html("<button class='choice'>")
            .live_flag("aria-pressed", move || look.with(|it| it.scale == scale))
            .text(&scale.to_string())
            .text("×")
            .on_click(move || look.update(|it| it.scale = scale))
    });
    let scales = Part::html("<div>")
        .child(Part::html("<span>Scale"))
        .child(Part::html("<div class='row'>").children(scales));
    let ways = WAYS.iter().map(|&(class, name, to)| {
        Part::button(class, name)
            .text(name)
            .disabled_while(move || {
                let is_png = matches!(to, ExportTo::Png | ExportTo::CopyPng);
                is_png && !shown.export_size.get().2
            })
            .on_click(move || {
                act.run(Action::Export(look.get_untracked(), to));
                shown.dialog.set(None);
            })
    });
    let switches = SWITCHES.iter().skip(usize::from(!has_selection));
    let body = Part::html("<div class='dialog-body export' tabindex='0'>").child(preview).child(
        Part::html("<section>")
            .children(switches.map(|it| switch(it, look)))
            .child(scales)
            .child(Part::html("<nav>").children(ways)),
    );
    covering("Export image", [header, body], shown.dialog)
}

fn switch(Switch { name, of }: &'static Switch, look: RwSignal<ExportLook>) -> Part {
    Part::html("<button role='switch'>")
        .live_flag("aria-checked", move || *of(&mut look.get()))
        .child(Part::new("span").text(name))
        .child(Part::html("<i class='switch'>"))
        .on_click(move || look.update(|it| *of(it) = !*of(it)))
}
