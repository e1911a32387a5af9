// One's own stroke on canvases that a worker paints on: the page's own thread has the less to do with each move of
// the pen, for what is new goes to the screen without it. They lie side by side over all of the board and never
// move, because such a picture and a move of its canvas need not reach the screen together.

// The worker. What it is sent is spelled out in paint/apart.rs.
function inkWorker() {
  let cells = [];
  let pieces = [];
  const steps = ["moveTo", "lineTo", "quadraticCurveTo", "bezierCurveTo", "closePath"];

  // A piece of a stroke: the box around it on the canvases, and its path, which ends at `next` in the message.
  function read(data, at) {
    const [scale, x, y] = data;
    const [x0, y0, x1, y1, length] = data.subarray(at, at + 5);
    const path = new Path2D();
    const next = at + 5 + length;
    for (at += 5; at < next; ) {
      const step = data[at++];
      path[steps[step]](...data.subarray(at, (at += [2, 2, 4, 6, 0][step])));
    }
    const box = [x0 * scale + x - 1, y0 * scale + y - 1, x1 * scale + x + 1, y1 * scale + y + 1];
    return { box, path, next };
  }

  const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  // Paints where any of these pieces are: all that is there at once, or they would show through each other.
  function paint(changed, [scale, x, y, color, opacity]) {
    const sides = [0, 1, 2, 3].map((side) => changed.map((piece) => piece.box[side]));
    const box = sides.map((places, side) => (side < 2 ? Math.floor(Math.min(...places)) : Math.ceil(Math.max(...places))));
    const path = new Path2D();
    for (const piece of pieces) if (meet(piece.box, box)) path.addPath(piece.path);
    for (const cell of cells) {
      const { canvas, left, top } = cell;
      if (!meet(box, [left, top, left + canvas.width, top + canvas.height])) continue;
      const pen = (cell.pen ??= canvas.getContext("2d"));
      const area = [box[0] - left, box[1] - top, box[2] - box[0], box[3] - box[1]];
      pen.save();
      pen.beginPath();
      pen.rect(...area);
      pen.clip();
      pen.clearRect(...area);
      pen.setTransform(scale, 0, 0, scale, x - left, y - top);
      pen.fillStyle = "#" + color.toString(16).padStart(6, "0");
      pen.globalAlpha = opacity;
      pen.fill(path);
      pen.restore();
    }
  }

  onmessage = ({ data }) => {
    if (!data.length) {
      // By then the page's frame without these canvases is on the screen; and they are in one no sooner than
      // what is cleared here.
      setTimeout(() => {
        for (const { canvas, pen } of cells) pen?.clearRect(0, 0, canvas.width, canvas.height);
        pieces = [];
        setTimeout(() => postMessage(0), 34);
      }, 50);
    } else if (Array.isArray(data)) {
      cells = data;
      postMessage(0);
    } else {
      // The last piece is the end, of which there is always a newer one.
      const gone = pieces.splice(data[5] ? 0 : -1);
      const come = [];
      for (let at = 6; at < data.length; at = come.at(-1).next) come.push(read(data, at));
      pieces.push(...come);
      paint([...gone, ...come], data);
    }
  };
}

// The worker and its canvases; none before they are first wanted, null where there are no such things.
let ink;

// Has them for a page of so many of the screen's own pixels, in `holder`, if there are none yet. Whether a stroke can
// begin on them: that takes a moment, also after another one.
function openInk(holder, width, height, ratio) {
  if (ink !== undefined) return !!ink?.isReady;
  ink = null;
  if (!HTMLCanvasElement.prototype.transferControlToOffscreen) return false;
  try {
    ink = startInk(holder, width, height, ratio);
  } catch {
    // No workers here: strokes are painted on the page's own canvas.
    holder.replaceChildren();
  }
  return false;
}

function startInk(holder, width, height, ratio) {
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
  const opened = { worker: new Worker(source), holder, isReady: false, isShown: false };
  opened.worker.onmessage = () => {
    URL.revokeObjectURL(source);
    opened.isReady = true;
  };
  opened.worker.postMessage(cells, cells.map((cell) => cell.canvas));
  return opened;
}

// Paints, or with an empty message takes everything away: in the same frame of the page as what stands for it then.
function paintInk(message) {
  const isShown = message.length > 0;
  if (ink.isShown !== isShown) {
    ink.isShown = isShown;
    ink.isReady &&= isShown;
    ink.holder.style.visibility = isShown ? "visible" : "hidden";
  }
  // A copy: this is a look into the program's whole memory.
  ink.worker.postMessage(message.slice());
}

function closeInk() {
  if (!ink) return;
  ink.worker.terminate();
  ink.holder.replaceChildren();
  ink.holder.style.visibility = "hidden";
  ink = undefined;
}
