// The recorded answers of an explorer: a picture for each state, found by the state's code.

const { inflate } = modules["lessonkit.live.page.Page"];
const UNCHANGED = 0;

// The pictures of one panel, one byte a pixel, as a tree: each is its parent with some rectangles of
// pixels changed. A change is swapped with what it replaces; swapped once more, it is undone.
class Panel {
  constructor({ palette, frames, pieces, data }) {
    const rgb = bytesOf(palette);
    this.colours = new Uint32Array(1 + rgb.length / 3); // 0xAABBGGRR: processors are little-endian
    for (let i = 0; i < rgb.length / 3; i += 1) {
      this.colours[1 + i] = 0xff000000 | (rgb[3 * i + 2] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i];
    }
    const zipped = bytesOf(data);
    let from = 0;
    this.pieces = pieces.map(([size, length]) => ({ zipped: zipped.subarray(from, (from += size)), length }));
    this.frames = frames.map(([parent, W, H, piece, start, length]) => ({ parent, W, H, piece, start, length }));
    this.at = -1; // the frame that `pixels` are now
  }

  // The frames from which one is made, and itself.
  lineage(i) {
    return i < 0 ? [] : [...this.lineage(this.frames[i].parent), i];
  }

  async swap(i) {
    const { W, piece, start, length } = this.frames[i];
    const { zipped, length: size } = this.pieces[piece];
    const bytes = (this.pieces[piece].bytes ??= await inflate(zipped, size));
    for (let at = start; at < start + length; ) {
      const [x, y, w, h] = [0, 2, 4, 6].map((k) => bytes[at + k] | (bytes[at + k + 1] << 8));
      at += 8;
      for (let to = y * W + x; to < (y + h) * W; to += W) {
        for (let column = to; column < to + w; column += 1, at += 1) {
          if (bytes[at] === UNCHANGED) continue;
          const before = this.pixels[column];
          this.pixels[column] = bytes[at];
          bytes[at] = before;
        }
      }
    }
  }

  async picture(i) {
    const [from, to] = [this.lineage(this.at), this.lineage(i)];
    const { W, H } = this.frames[i];
    const differs = to.findIndex((k, place) => from[place] !== k);
    const shared = differs < 0 ? to.length : differs;
    for (const k of from.slice(shared).reverse()) await this.swap(k);
    if (shared === 0) this.pixels = new Uint8Array(W * H).fill(UNCHANGED + 1); // any colour
    for (const k of to.slice(shared)) await this.swap(k);
    this.at = i;
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
