// The search, in a worker: numbers whose SHA-256 behind the seed begins with some zero bits. Plain arithmetic, because
// the browser's own hash costs a wait for each of some hundred thousand tries.
(function () {
  "use strict";
  var K = new Int32Array(64), START = new Int32Array(8), W = new Int32Array(64);
  (function () {
    var count = 0;
    for (var n = 2; count < 64; n++) {
      var isPrime = true;
      for (var d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
      if (!isPrime) continue;
      if (count < 8) START[count] = (Math.sqrt(n) % 1) * 4294967296 | 0;
      K[count++] = (Math.cbrt(n) % 1) * 4294967296 | 0;
    }
  })();
  function block(state, words) {
    var i, x, y;
    for (i = 0; i < 16; i++) W[i] = words[i];
    for (; i < 64; i++) {
      x = W[i - 15];
      y = W[i - 2];
      W[i] = (W[i - 16] + W[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
        ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0;
    }
    var a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (i = 0; i < 64; i++) {
      x = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i]) | 0;
      y = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + x) | 0;
      d = c;
      c = b;
      b = a;
      a = (x + y) | 0;
    }
    state[0] = state[0] + a | 0;
    state[1] = state[1] + b | 0;
    state[2] = state[2] + c | 0;
    state[3] = state[3] + d | 0;
    state[4] = state[4] + e | 0;
    state[5] = state[5] + f | 0;
    state[6] = state[6] + g | 0;
    state[7] = state[7] + h | 0;
  }
  function pack(words, text, from) {
    for (var i = 0; i < text.length; i++) {
      words[(from + i) >> 2] |= text.charCodeAt(i) << (24 - ((from + i) & 3) * 8);
    }
  }
  function search(task) {
    var parts = task.split("."), bits = +parts[2], found = [];
    var seed = new Int32Array(16), last = new Int32Array(16), first = START.slice(), state = new Int32Array(8);
    pack(seed, parts[3], 0);
    block(first, seed);
    for (var piece = 0; piece < 16; piece++) {
      for (var number = 0; ; number++) {
        var text = piece + ":" + number;
        last.fill(0);
        pack(last, text, 0);
        last[text.length >> 2] |= 0x80 << (24 - (text.length & 3) * 8);
        last[15] = (64 + text.length) * 8;
        state.set(first);
        block(state, last);
        if (state[0] >>> (32 - bits) === 0) break;
      }
      found.push(number);
    }
    return found.join("-");
  }
  self.search = search;
  self.onmessage = function (event) {
    self.postMessage(search(event.data));
  };
})();
