// One's own stroke on canvases that a worker paints on: the page's own thread has the less to do with each move of
// the pen, for what is new goes to the screen without it. They lie side by side over all of the board and never
// move, because such a picture and a move of its canvas need not reach the screen together.

// The worker. What it is sent is spelled out in paint/apart.rs.
function inkWorker() {
  const strokes = new Map();
  let cells = [];

  // One piece of a stroke: the box around it on the canvases, where it ends in the message, and its path.
  function read(data, at, [, scale, x, y]) {
    const [x0, y0, x1, y1, length] = data.slice(at, at + 5);
    const path = new Path2D();
    const steps = ["moveTo", "lineTo", "quadraticCurveTo", "bezierCurveTo", "closePath"];
    const next = at + 5 + length;
    for (at += 5; at < next; ) {
      const step = data[at++];
      const n = [2, 2, 4, 6, 0][step];
      path[steps[step]](...data.subarray(at, (at += n)));
    }
    const box = [x0 * scale + x - 1, y0 * scale + y - 1, x1 * scale + x + 1, y1 * scale + y + 1];
    return { box, path, next };
  }

  const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  const around = (a, b) => a.map((length, n) => (n < 2 ? Math.min : Math.max)(length, b[n]));

  function paint(box) {
    for (const cell of cells) {
      const { canvas, left, top } = cell;
      if (!meet(box, [left, top, left + canvas.width, top + canvas.height])) continue;
      const pen = (cell.pen ??= canvas.getContext("2d"));
      const [x0, y0] = [Math.floor(box[0]) - left, Math.floor(box[1]) - top];
      const [width, height] = [Math.ceil(box[2]) - left - x0, Math.ceil(box[3]) - top - y0];
      pen.save();
      pen.beginPath();
      pen.rect(x0, y0, width, height);
      pen.clip();
      pen.clearRect(x0, y0, width, height);
      for (const { head, pieces } of strokes.values()) {
        const [, scale, x, y, color] = head;
        pen.setTransform(scale, 0, 0, scale, x - left, y - top);
        pen.fillStyle = "#" + color.toString(16).padStart(6, "0");
        for (const piece of pieces) if (meet(piece.box, box)) pen.fill(piece.path);
      }
      pen.restore();
    }
  }

  onmessage = ({ data }) => {
    if (Array.isArray(data)) {
      cells = data;
      return postMessage(0);
    }
    const [id] = data;
    const stroke = strokes.get(id);
    const nothing = [Infinity, Infinity, -Infinity, -Infinity];
    if (data.length === 1) {
      // The board shows it from the page's next frame on.
      setTimeout(() => {
        strokes.delete(id);
        paint((stroke?.pieces ?? []).map((piece) => piece.box).reduce(around, nothing));
        if (!strokes.size) postMessage(id);
      }, 50);
      return;
    }
    const head = [...data.slice(0, 5)];
    const [, , , , , isAnew] = data;
    // The last piece is the end, of which there is always a newer one.
    const before = stroke?.pieces ?? [];
    const gone = isAnew ? before.splice(0) : before.splice(-1);
    const come = [];
    for (let at = 6; at < data.length; at = come.at(-1).next) come.push(read(data, at, head));
    strokes.set(id, { head, pieces: [...before, ...come] });
    paint([...gone, ...come].map((piece) => piece.box).reduce(around, nothing));
  };
}

// The worker and its canvases; none before they are first wanted, null where there are no such things.
let ink;

// Has them for a page of so many of the screen's own pixels, in `holder`, if there are none yet. Whether strokes can
// be painted: that takes a moment.
function openInk(holder, width, height, ratio) {
  if (ink !== undefined) return !!ink?.isReady;
  ink = null;
  if (!HTMLCanvasElement.prototype.transferControlToOffscreen) return false;
  const cells = [];
  const side = 512;
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = side;
      const [x, y, length] = [left, top, side].map((pixels) => pixels / ratio + "px");
      canvas.style = `left: ${x}; top: ${y}; width: ${length}; height: ${length}`;
      holder.append(canvas);
      cells.push({ canvas: canvas.transferControlToOffscreen(), left, top });
    }
  }
  const source = URL.createObjectURL(new Blob([`(${inkWorker})()`]));
  const worker = new Worker(source);
  const opened = { worker, holder, isReady: false, last: 0 };
  worker.onmessage = ({ data }) => {
    if (data) {
      // Canvases that are seen cost in each frame, even if they are empty.
      if (data === opened.last) holder.style.visibility = "hidden";
    } else {
      URL.revokeObjectURL(source);
      opened.isReady = true;
    }
  };
  worker.postMessage(cells, cells.map((cell) => cell.canvas));
  ink = opened;
  return false;
}

function paintInk(message) {
  if (!ink) return;
  if (message.length > 1 && ink.last !== message[0]) {
    ink.last = message[0];
    ink.holder.style.visibility = "visible";
  }
  // A copy: this is a look into the program's whole memory.
  ink.worker.postMessage(message.slice());
}

function closeInk() {
  ink?.worker.terminate();
  ink?.holder.replaceChildren();
  ink = undefined;
}
