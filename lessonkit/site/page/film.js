// The recorded answers of an explorer: a picture for each state, found by the state's code.

async function inflate(zipped, length) {
  const inflater = new DecompressionStream("deflate");
  const writer = inflater.writable.getWriter();
  for (const done of [writer.write(zipped), writer.close()]) done.catch(() => {}); // read() fails too
  const all = new Uint8Array(length);
  const reader = inflater.readable.getReader();
  for (let at = 0, part; !(part = await reader.read()).done; at += part.value.length) {
    all.set(part.value, at);
  }
  return all;
}

// The pictures of one panel, one byte a pixel: each is kept as what differs from the one before,
// XOR, in a rectangle. Done once more, XOR undoes itself: so a film runs backwards, too.
class Panel {
  constructor({ palette, frames, data }) {
    const rgb = bytesOf(palette);
    this.colours = new Uint32Array(rgb.length / 3); // 0xAABBGGRR: processors are little-endian
    for (let i = 0; i < this.colours.length; i += 1) {
      this.colours[i] = 0xff000000 | (rgb[3 * i + 2] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i];
    }
    const zipped = bytesOf(data);
    let from = 0;
    this.frames = frames.map(([full, W, H, x, y, w, h, length]) => {
      const part = zipped.subarray(from, (from += length));
      return { full, W, H, x, y, w, h, part };
    });
    this.at = -1; // the frame that `pixels` are now
  }

  async change(i) {
    const frame = this.frames[i];
    if (frame.w * frame.h === 0) return;
    frame.bytes ??= await inflate(frame.part, frame.w * frame.h);
    if (frame.full) {
      this.pixels = frame.bytes.slice();
      return;
    }
    for (let row = 0; row < frame.h; row += 1) {
      const [from, to] = [row * frame.w, (frame.y + row) * frame.W + frame.x];
      for (let column = 0; column < frame.w; column += 1) {
        this.pixels[to + column] ^= frame.bytes[from + column];
      }
    }
  }

  async picture(i) {
    const full = this.frames.findLastIndex((frame, k) => k <= i && frame.full);
    const backwards = this.at > i && !this.frames.some((frame, k) => k > i && k <= this.at && frame.full);
    if (backwards) for (; this.at > i; this.at -= 1) await this.change(this.at);
    else {
      const first = this.at > i || this.at < full ? full : this.at + 1;
      for (let k = first; k <= i; k += 1) await this.change(k);
    }
    this.at = i;
    const { W, H } = this.frames[i];
    const picture = new ImageData(W, H);
    const out = new Uint32Array(picture.data.buffer);
    for (let k = 0; k < out.length; k += 1) out[k] = this.colours[this.pixels[k]];
    return picture;
  }
}

class Film {
  constructor(record) {
    this.record = record;
    this.panels = record.panels.map((panel) => new Panel(panel));
    this.places = new Map(record.frames.map(({ code }, i) => [code, i]));
    this.turn = Promise.resolve();
  }

  has(code) {
    return this.places.has(code);
  }

  // Returns, for a state, the message that live/page.js shows, its pictures, and what other models
  // are told. One after the other: a picture is made from the one before.
  at(code) {
    this.turn = this.turn.then(() => this.message(this.places.get(code)));
    return this.turn;
  }

  async message(i) {
    const { caption, error, squares, updates, size = this.record.size } = this.record.frames[i];
    const pictures = [];
    for (const panel of this.panels) pictures.push(await panel.picture(i));
    const patches = pictures.map(({ width, height }, k) => [k, 0, 0, width, height, 4]);
    const { pixelated } = this.record;
    return [{ caption, error, squares, size, pixelated, patches, whole: true }, pictures, updates];
  }
}
