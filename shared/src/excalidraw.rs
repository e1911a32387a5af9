//! Import of Excalidraw files.
