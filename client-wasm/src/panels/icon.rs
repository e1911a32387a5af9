//! The icons, written into the page itself so that they take the color of what they stand in.

use editor::Tool;

use super::part::Part;

/// An icon: an `<svg>` that is a direct child of its button. Either a file of its own, or the course of its
/// lines, and after a bar of what is filled.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Icon(&'static str);

/// What icons are drawn into that are lines only.
const DRAWN: &str = "<svg viewBox='0 0 20 20' width='20' height='20' fill='none' \
    stroke='currentColor' stroke-width='1.5' stroke-linecap='round' stroke-linejoin='round' \
    aria-hidden='true'><path></path><path fill='currentColor'></path></svg>";

macro_rules! drawn {
    ($($name:ident = $lines:literal,)*) => {
        $(#[doc = concat!("Drawn: ", stringify!($name), ".")] pub(crate) const $name: Self = Self($lines);)*
    };
}

macro_rules! icons {
    ($($name:ident = $file:literal,)*) => {
        $(
            #[doc = concat!("What `icons/", $file, ".svg` shows.")]
            pub(crate) const $name: Self =
                Self(include_str!(concat!("../../icons/", $file, ".svg")));
        )*
    };
}

impl Icon {
    icons! {
        ALERT = "alert",
        ARROW = "arrow",
        BACKWARD = "backward",
        BRAND = "brand",
        CHECK = "check",
        CLOSE = "close",
        DASH_DASHED = "dash-dashed",
        DASH_DOTTED = "dash-dotted",
        DASH_SOLID = "dash-solid",
        DIAMOND = "diamond",
        DUPLICATE = "duplicate",
        EDGE_ROUND = "edge-round",
        EDGE_SHARP = "edge-sharp",
        ELLIPSE = "ellipse",
        ERASER = "eraser",
        EYEDROPPER = "eyedropper",
        FORWARD = "forward",
        FRAME = "frame",
        HAND = "hand",
        HELP = "help",
        HERO = "hero",
        HIGHLIGHTER = "highlighter",
        IMPORT = "import",
        LASER = "laser",
        LASSO = "lasso",
        LINE = "line",
        LOCK = "lock",
        MENU = "menu",
        MOON = "moon",
        NOTE = "note",
        PEN = "pen",
        PLUS = "plus",
        RECTANGLE = "rectangle",
        REDO = "redo",
        SELECT = "select",
        SHARE = "share",
        SUN = "sun",
        TEXT = "text",
        TEXT_CENTER = "text-center",
        TEXT_LEFT = "text-left",
        TEXT_RIGHT = "text-right",
        TO_BACK = "to-back",
        TO_FRONT = "to-front",
        TRASH = "trash",
        TRIANGLE = "triangle",
        UNDO = "undo",
        WIDTH_BOLD = "width-bold",
        WIDTH_EXTRA = "width-extra",
        WIDTH_THIN = "width-thin",
        ZOOM_FIT = "zoom-fit",
        ZOOM_IN = "zoom-in",
        ZOOM_OUT = "zoom-out",
    }

    drawn! {
        ALIGN_BOTTOM = "M3 16.5h14|M5 4v10h3.5V4zM11.5 8v6H15V8z",
        ALIGN_CENTER = "M10 3v14|M4 5h12v3.5H4zM6.5 11.5h7V15h-7z",
        ALIGN_LEFT = "M3.5 3v14|M6 5h10v3.5H6zM6 11.5h6V15H6z",
        ALIGN_MIDDLE = "M3 10h14|M5 4v12h3.5V4zM11.5 6.5v7H15v-7z",
        ALIGN_RIGHT = "M16.5 3v14|M4 5h10v3.5H4zM8 11.5h6V15H8z",
        ALIGN_TOP = "M3 3.5h14|M5 6v10h3.5V6zM11.5 6v6H15V6z",
        COURSE_CURVED = "M4 16C4 9 8 6 15.5 6M12 2.5 15.5 6 12 9.5",
        COURSE_ELBOW = "M4 15h5.5V6h6.5M12.5 2.5 16 6l-3.5 3.5",
        COURSE_SHARP = "M4 16 15.5 4.5M9.5 4.5h6v6",
        CROP = "M6 2.5V14h11.5M2.5 6H14v11.5",
        FILL_CROSS = "M4 4h12v12H4zM4 10l6-6M4 16 16 4M10 16l6-6M10 4l6 6M4 4l12 12M4 10l6 6",
        FILL_HACHURE = "M4 4h12v12H4zM4 10l6-6M4 16 16 4M10 16l6-6",
        FILL_SOLID = "|M4 4h12v12H4z",
        FILL_ZIGZAG = "M4 4h12v12H4zM4 13l3.5-8.5 2 11 3-11 3.5 9",
        FLIP_ACROSS = "M10 3v14M12.5 6v8h5z|M7.5 6v8h-5z",
        FLIP_DOWN = "M3 10h14M6 12.5h8v5z|M6 7.5h8v-5z",
        GROUP = "M3.5 6V3.5H6M14 3.5h2.5V6M16.5 14v2.5H14M6 16.5H3.5V14M6.5 6.5H11V11H6.5zM9.5 13.5H13.5V9",
        HEAD_ARROW = "M3 10h14M12.5 5.5 17 10l-4.5 4.5",
        HEAD_BAR = "M3 10h13M16 5v10",
        HEAD_DIAMOND = "M3 10h5|M8 10l4.5-4 4.5 4-4.5 4z",
        HEAD_DIAMOND_OUTLINE = "M3 10h5M8 10l4.5-4 4.5 4-4.5 4z",
        HEAD_DOT = "M3 10h7|M10.5 10a3 3 0 1 1 6 0 3 3 0 0 1-6 0z",
        HEAD_DOT_OUTLINE = "M3 10h7M10.5 10a3 3 0 1 1 6 0 3 3 0 0 1-6 0z",
        HEAD_MANY = "M3 10h14M17 5 10.5 10l6.5 5",
        HEAD_NONE = "M3 10h14",
        HEAD_ONE = "M3 10h14M13 5.5v9",
        HEAD_ONE_OR_MANY = "M3 10h14M17 5 10.5 10l6.5 5M8 5v10",
        HEAD_TRIANGLE = "M3 10h7|M10 5.5 17 10l-7 4.5z",
        HEAD_TRIANGLE_OUTLINE = "M3 10h7M10 5.5 17 10l-7 4.5z",
        IMAGE = "M4.5 3.5h11a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM3.5 13l3.5-3.5 7 7M11 13l2.5-2.5 3 3M12 6a1.25 1.25 0 1 0 0 2.5 1.25 1.25 0 0 0 0-2.5z",
        LINK = "M8 12l4-4M9.5 6.5l1.7-1.7a2.83 2.83 0 0 1 4 4L13.5 10.5M10.5 13.5l-1.7 1.7a2.83 2.83 0 0 1-4-4L6.5 9.5",
        MAP = "M3 5.5 7.5 4l5 2L17 4.5v10L12.5 16l-5-2L3 15.5zM7.5 4v10M12.5 6v10",
        MIXED = "M4 10h2M9 10h2M14 10h2",
        MORE = "M4 4h4.5v4.5H4zM11.5 4H16v4.5h-4.5zM4 11.5h4.5V16H4zM13.75 11.5V16M11.5 13.75H16",
        NEXT = "M5 7.5l5 5 5-5",
        NONE = "",
        PREVIOUS = "M5 12.5l5-5 5 5",
        ROUGH_0 = "M3 12C6 6.5 8.5 6.5 10 10s4 3.5 7-2",
        ROUGH_1 = "M3 12.5C5.5 6 8 6 10 10s4.5 4 7-2.5M3.5 11c3-4 4.7-3 6.2.5s4 3.5 6.3-2",
        ROUGH_2 = "M3 13c0-4 3-7 5-6s.5 5 2.5 6 4-1 3.5-3-2.5-1.5-2 .5 3 2.5 5-3M3 10c3-3 5.5-2 7.5.5s4 3 6.5-.5",
        SAVE = "M4 3.5h9.5l3 3v10H4zM7 3.5v4h5v-4M7 16.5V12h6v4.5",
        SEARCH = "M8.5 3.5a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12.2 12.2l4.3 4.3",
        SPREAD_ACROSS = "M3.5 4v12M16.5 4v12|M8.25 6h3.5v8h-3.5z",
        SPREAD_DOWN = "M4 3.5h12M4 16.5h12|M6 8.25h8v3.5H6z",
        STYLUS = "M3.5 16.5l1-4L14 3l3 3-9.5 9.5zM12 5l3 3M10 17h6.500",
        TEXT_BOTTOM = "M4 16.5h12M10 3.5v9.5M6.5 9.5 10 13l3.5-3.5",
        TEXT_MIDDLE = "M4 10h12M10 2.5V7M8 5l2 2 2-2M10 17.5V13M8 15l2-2 2 2",
        TEXT_TOP = "M4 3.5h12M10 16.5V7M6.5 10.5 10 7l3.5 3.5",
        UNCROP = "M3.5 7V3.5H7M13 3.5h3.5V7M16.5 13v3.5H13M7 16.5H3.5V13M7.5 7.5h5v5h-5z",
        UNGROUP = "M3.5 3.5h6v6h-6zM10.5 10.5h6v6h-6zM12.5 3.5h4v4M7.5 16.5h-4v-4",
    }

    /// The icon on a tool's button.
    pub(crate) fn of_tool(tool: Tool) -> Self {
        match tool {
            Tool::Select => Self::SELECT,
            Tool::Lasso => Self::LASSO,
            Tool::Hand => Self::HAND,
            Tool::Rectangle => Self::RECTANGLE,
            Tool::Diamond => Self::DIAMOND,
            Tool::Ellipse => Self::ELLIPSE,
            Tool::Arrow => Self::ARROW,
            Tool::Line => Self::LINE,
            Tool::Triangle => Self::TRIANGLE,
            Tool::Pen => Self::PEN,
            Tool::Highlighter => Self::HIGHLIGHTER,
            Tool::Note => Self::NOTE,
            Tool::Frame => Self::FRAME,
            Tool::Image => Self::IMAGE,
            Tool::Laser => Self::LASER,
            Tool::Eyedropper => Self::EYEDROPPER,
            Tool::Text => Self::TEXT,
            Tool::Eraser => Self::ERASER,
        }
    }

    /// The icon with a class on its `<svg>`, for styles that show it only at times.
    pub(crate) fn with_class(self, class: &str) -> Part {
        Part::from(self).attribute("class", class)
    }
}

impl From<Icon> for Part {
    fn from(icon: Icon) -> Self {
        if icon.0.starts_with('<') {
            return Self::html(icon.0);
        }
        let (lines, filled) = icon.0.split_once('|').unwrap_or((icon.0, ""));
        Self::html(DRAWN).drawn(lines, filled)
    }
}
