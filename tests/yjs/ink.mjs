// One chunk of ink: points [x, y] or [x, y, pressure], with pressures from 0 to 1.

export function encodeChunk (points, fineness = 4) {
  const hasPressure = points.length > 0 && points[0].length === 3
  const bytes = [hasPressure ? 0x11 : 0x01, fineness]
  let last = null
  let step = [0, 0]
  let lastPressure = 0
  for (const [x, y, pressure] of points) {
    const at = [Math.round(x * 2 ** fineness), Math.round(y * 2 ** fineness)]
    const [fromX, fromY] = last ?? [0, 0]
    putVarint(bytes, at[0] - (fromX + step[0]))
    putVarint(bytes, at[1] - (fromY + step[1]))
    if (hasPressure) {
      const pressed = Math.round(pressure * 255)
      putVarint(bytes, pressed - lastPressure)
      lastPressure = pressed
    }
    if (last !== null) step = [at[0] - fromX, at[1] - fromY]
    last = at
  }
  return Uint8Array.from(bytes)
}

export function decodeChunk (bytes) {
  if ((bytes[0] & 0x0f) !== 1 || bytes[1] > 10) throw new Error('a newer version, or no ink')
  const hasPressure = (bytes[0] & 0x10) !== 0
  const perUnit = 2 ** bytes[1]
  const points = []
  const source = { bytes, at: 2 }
  let last = null
  let step = [0, 0]
  let pressed = 0
  while (source.at < bytes.length) {
    const [fromX, fromY] = last ?? [0, 0]
    const x = fromX + step[0] + takeVarint(source)
    const y = fromY + step[1] + takeVarint(source)
    const point = [x / perUnit, y / perUnit]
    if (hasPressure) {
      pressed += takeVarint(source)
      point.push(pressed / 255)
    }
    if (last !== null) step = [x - fromX, y - fromY]
    last = [x, y]
    points.push(point)
  }
  return points
}

// Not by shifts: those end at 32 bits.
function putVarint (bytes, value) {
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  bytes.push(rest)
}

function takeVarint (source) {
  let value = 0
  for (let scale = 1; ; scale *= 0x80) {
    if (source.at === source.bytes.length) throw new Error('the bytes end inside a point')
    const byte = source.bytes[source.at++]
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }
}
