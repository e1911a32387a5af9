// Excalidraw with nothing around it, and what the measurement asks of it.
import { Excalidraw, restoreElements } from "@excalidraw/excalidraw";
import "@excalidraw/excalidraw/index.css";
import { createRoot } from "react-dom/client";

const frame = () => new Promise(requestAnimationFrame);
const middle = 10000;

function expose(api) {
  const look = async (zoom) => {
    const { width, height } = api.getAppState();
    api.updateScene({
      appState: {
        zoom: { value: zoom },
        scrollX: width / 2 / zoom - middle,
        scrollY: height / 2 / zoom - middle,
      },
    });
    for (let i = 0; i < 3; i++) await frame();
  };
  window.subject = {
    look,
    // The elements are complete: they only have to be restored, as a file's are when it is opened.
    async load(elements, zoom) {
      await look(zoom);
      for (let i = 0; i < 30; i++) await frame();
      const from = performance.now();
      api.updateScene({ elements: restoreElements(elements, null) });
      await frame();
      await frame();
      return performance.now() - from;
    },
    // For pictures: only the board, around a place.
    async show(elements, x, y, zoom) {
      const { width, height } = api.getAppState();
      const appState = {
        zoom: { value: zoom },
        scrollX: width / 2 / zoom - x,
        scrollY: height / 2 / zoom - y,
        viewModeEnabled: true,
        zenModeEnabled: true,
      };
      api.updateScene({ elements: restoreElements(elements, null), appState });
      for (let i = 0; i < 30; i++) await frame();
      await document.fonts.ready;
      api.refresh();
      for (let i = 0; i < 3; i++) await frame();
    },
    takePen() {
      api.setActiveTool({ type: "freedraw", locked: true });
    },
  };
}

createRoot(document.getElementById("root")).render(<Excalidraw excalidrawAPI={expose} />);
