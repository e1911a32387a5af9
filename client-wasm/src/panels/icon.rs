//! The icons, written into the page itself so that they take the color of what they stand in.

use editor::Tool;

use super::part::Part;

/// An icon: an `<svg>` that is a direct child of its button.
#[derive(Clone, Copy)]
pub(crate) struct Icon(&'static str);

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
        FORWARD = "forward",
        HAND = "hand",
        HELP = "help",
        HERO = "hero",
        IMPORT = "import",
        LASSO = "lasso",
        LINE = "line",
        LOCK = "lock",
        MENU = "menu",
        MOON = "moon",
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
        UNDO = "undo",
        WIDTH_BOLD = "width-bold",
        WIDTH_EXTRA = "width-extra",
        WIDTH_THIN = "width-thin",
        ZOOM_FIT = "zoom-fit",
        ZOOM_IN = "zoom-in",
        ZOOM_OUT = "zoom-out",
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
            Tool::Pen => Self::PEN,
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
        Self::html(icon.0)
    }
}
