// tldraw with nothing around it, and what the measurement asks of it. Its limit of shapes is lifted.
import { Tldraw, createShapeId, toRichText } from "tldraw";
import * as tldraw from "tldraw";
import "tldraw/tldraw.css";
import { createRoot } from "react-dom/client";

const frame = () => new Promise(requestAnimationFrame);
const middle = 10000;
const colors = {
  "#1e1e1e": "black", "#e03131": "red", "#2f9e44": "green",
  "#1971c2": "blue", "#f08c00": "orange", "#9c36b5": "violet",
};

// Points as the version wants them: packed, where it has a packer.
function inked(points) {
  const pack = tldraw.b64Vecs?.encodePoints;
  return pack ? { type: "free", path: pack(points) } : { type: "free", points };
}

function shape(element) {
  const { x, y, width: w, height: h } = element;
  const color = colors[element.strokeColor];
  const common = { id: createShapeId(element.id), x, y };
  switch (element.type) {
    case "freedraw": {
      const points = element.points.map(([x, y], i) => ({ x, y, z: element.pressures[i] }));
      return { ...common, type: "draw", props: {
        color, size: "m", isComplete: true, isPen: true, segments: [inked(points)],
      } };
    }
    case "rectangle":
    case "ellipse":
      return { ...common, type: "geo", props: { geo: element.type, w, h, color, size: "s" } };
    case "arrow": {
      const [start, end] = element.points.map(([x, y]) => ({ x, y }));
      return { ...common, type: "arrow", props: { color, size: "s", start, end } };
    }
    case "line": {
      const points = element.points.map(([x, y], i) => [`a${i + 1}`, { id: `a${i + 1}`, index: `a${i + 1}`, x, y }]);
      return { ...common, type: "line", props: { color, size: "s", points: Object.fromEntries(points) } };
    }
    default:
      return { ...common, type: "text", props: { color, size: "s", richText: toRichText(element.text) } };
  }
}

function expose(editor) {
  const look = async (zoom) => {
    const { w, h } = editor.getViewportScreenBounds();
    editor.setCamera({ x: w / 2 / zoom - middle, y: h / 2 / zoom - middle, z: zoom }, { immediate: true });
    for (let i = 0; i < 3; i++) await frame();
  };
  editor.setCameraOptions({ ...editor.getCameraOptions(), zoomSteps: [0.01, 0.1, 0.33, 1, 8] });
  window.subject = {
    look,
    async load(elements, zoom) {
      await look(zoom);
      for (let i = 0; i < 30; i++) await frame();
      const shapes = elements.map(shape);
      const from = performance.now();
      editor.createShapes(shapes);
      await frame();
      await frame();
      return performance.now() - from;
    },
    takePen() {
      editor.setCurrentTool("draw");
    },
  };
}

createRoot(document.getElementById("root")).render(
  <Tldraw onMount={expose} options={{ maxShapesPerPage: 1_000_000 }} />,
);
