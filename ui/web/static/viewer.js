// The 3D view: a GLB body on a studio floor, in plain WebGL 2. The camera stays where the designer put it
// while the body changes; two bodies share it side by side. Shows sections and dimensions.
(() => {
  "use strict";
  const MQ = (window.MQ = window.MQ || {});

  const VERTEX = `#version 300 es
    in vec3 position; in vec3 normal; in vec4 paint; in vec4 finish; in vec4 more;
    uniform mat4 camera; uniform float inside;
    out vec3 at; out vec3 n; out vec4 base; out vec4 look; out float open;
    void main() {
      at = position; n = normal; base = paint; look = finish; open = more.x;
      gl_Position = inside > 0.5 ? vec4(float(gl_VertexID % 2) * 4.0 - 1.0, float(gl_VertexID / 2) * 4.0 - 1.0, 0.0, 1.0)
        : camera * vec4(position, 1.0); // the cut covers the picture, where the stencil lets it
    }`;
  // light and materials are those of the rendered pictures (design/geometry/_studio.py), in the car's axes
  const FRAGMENT = `#version 300 es
    precision highp float;
    in vec3 at; in vec3 n; in vec4 base; in vec4 look; in float open;
    uniform vec3 eye; uniform vec4 cut; uniform float shadow; uniform vec4 box; uniform float grey; uniform float inside;
    uniform vec3 boxCentre; uniform vec3 cabinLow; uniform vec3 cabinHigh; uniform vec3 keyLight; uniform float boxPower;
    out vec4 colour;
    ${MQ.studio}
    vec3 car(vec3 p) { return vec3(-p.z, -p.x, p.y); }
    void main() {
      if (shadow > 0.5) {
        vec2 p = (at.xz - box.xy) / box.zw;
        float q = pow(pow(abs(p.x), 4.0) + pow(abs(p.y), 4.0), 0.25);
        float dark = 0.34 * (1.0 - smoothstep(0.62, 1.30, q)) + 0.44 * (1.0 - smoothstep(0.55, 0.95, q));
        dark *= shadow - 1.0; // how much of the body lies low
        colour = vec4(vec3(0.05, 0.06, 0.08) * dark, dark);
        return;
      }
      if (inside > 0.5) {
        float hatch = smoothstep(0.10, 0.16, abs(fract((gl_FragCoord.x + gl_FragCoord.y) / 11.0) - 0.5));
        colour = vec4(mix(vec3(0.80, 0.62, 0.53), vec3(0.965, 0.955, 0.94), hatch), 1.0); // hatched, as on a drawing
        return;
      }
      if (dot(vec4(at, 1.0), cut) > 0.0) discard;
      vec3 view = normalize(car(eye - at)), m = normalize(car(n));
      if (dot(m, view) < 0.0) m = -m;
      vec3 albedo = base.rgb * base.rgb; // stored as square roots: dark paints keep their hue
      albedo = mix(albedo, vec3(dot(albedo, vec3(0.3, 0.6, 0.1))) * 0.6 + 0.25, grey);
      float low = 0.5 * (1.0 - m.z) * (1.0 - smoothstep(0.0, 1.1, at.y)); // what looks at the floor near it
      vec3 c = surface(car(at), m, view, open * (1.0 - 0.85 * low), albedo, look.x, look.y, base.a, look.z * 0.25,
        int(look.w * 255.0 + 0.5));
      colour = vec4(c, 1.0);
    }`;

  const LOW = 0.3; // m above the floor, below which a body darkens it
  // turned and raised (radians); the nose points to the left, as in the sketches and drawings
  const PRESETS = { corner: [0.76, 0.07], side: [Math.PI / 2, 0.0], front: [0, 0.01], rear: [Math.PI, 0.01],
    top: [Math.PI / 2, 1.56], behind: [2.4, 0.08] };

  // -- a little linear algebra (column-major 4x4) -------------------------------------------------------
  const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const unit = (a) => { const l = Math.hypot(...a) || 1; return a.map((v) => v / l); };
  function product(a, b) {
    const out = new Float32Array(16);
    for (let c = 0; c < 4; c++) for (let r = 0; r < 4; r++)
      for (let k = 0; k < 4; k++) out[c * 4 + r] += a[k * 4 + r] * b[c * 4 + k];
    return out;
  }
  function lookAt(eye, to) {
    const z = unit(sub(eye, to));
    let x = cross([0, 1, 0], z);
    if (Math.hypot(...x) < 1e-4) x = [1, 0, 0];
    x = unit(x);
    const y = cross(z, x);
    return new Float32Array([x[0], y[0], z[0], 0, x[1], y[1], z[1], 0, x[2], y[2], z[2], 0,
      -dot(x, eye), -dot(y, eye), -dot(z, eye), 1]);
  }
  function perspective(angle, aspect, near, far) {
    const f = 1 / Math.tan(angle / 2);
    return new Float32Array([f / aspect, 0, 0, 0, 0, f, 0, 0, 0, 0, (far + near) / (near - far), -1,
      0, 0, (2 * far * near) / (near - far), 0]);
  }

  function spanOf(pieces) {
    const low = [1e9, 1e9, 1e9], high = [-1e9, -1e9, -1e9];
    for (const { position } of pieces) for (let i = 0; i < position.length; i += 3) for (let k = 0; k < 3; k++) {
      const v = position[i + k];
      if (v < low[k]) low[k] = v;
      if (v > high[k]) high[k] = v;
    }
    return [low, high];
  }
  // how much of the sky a point sees: what lies round a wheel, inside its arch, sees little
  function openness(name, { position: q, normal }, i, wheels) {
    if (/^(arch liner|underbody)/.test(name)) return 0.1;
    if (/^brake/.test(name)) return 0.4;
    if (/^(tyre|rim)/.test(name)) return 0.75;
    for (const [low, high] of wheels) {
      const radius = 0.5 * (high[1] - low[1]), y = q[i + 1] - 0.5 * (low[1] + high[1]), z = q[i + 2] - 0.5 * (low[2] + high[2]);
      const away = Math.sqrt(y * y + z * z);
      if (away > 1.25 * radius) continue;
      if (normal[i + 1] * y + normal[i + 2] * z < -0.6 * away) return 0.12; // the wall of the arch
      const out = Math.abs(q[i]) - Math.max(Math.abs(low[0]), Math.abs(high[0]));
      if (out < 0.012 && normal[i] * Math.sign(q[i]) < 0.5) return 0.1 + 0.2 * Math.max(0, Math.min(1, 1 + out / 0.15));
    }
    return 1;
  }
  // corners that share a place share a normal only where their faces meet within 32 degrees: at the cut of a
  // wheel arch the side and the wall keep their own, as in the rendered pictures
  const SHARP = Math.cos((32 * Math.PI) / 180), ROUND = Math.cos((16 * Math.PI) / 180);
  function split(q, index) {
    const count = q.length / 3, unit = new Float32Array(index.length), angle = new Float32Array(index.length);
    const start = new Uint32Array(count + 1);
    for (let f = 0; f < index.length; f += 3) {
      const a = index[f] * 3, b = index[f + 1] * 3, c = index[f + 2] * 3;
      const ux = q[b] - q[a], uy = q[b + 1] - q[a + 1], uz = q[b + 2] - q[a + 2];
      const vx = q[c] - q[a], vy = q[c + 1] - q[a + 1], vz = q[c + 2] - q[a + 2];
      const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
      const twice = Math.sqrt(x * x + y * y + z * z) || 1e-30;
      unit[f] = x / twice; unit[f + 1] = y / twice; unit[f + 2] = z / twice;
      const uv = ux * vx + uy * vy + uz * vz;
      angle[f] = Math.atan2(twice, uv);
      angle[f + 1] = Math.atan2(twice, ux * ux + uy * uy + uz * uz - uv);
      angle[f + 2] = Math.PI - angle[f] - angle[f + 1];
      start[index[f] + 1]++; start[index[f + 1] + 1]++; start[index[f + 2] + 1]++;
    }
    for (let v = 0; v < count; v++) start[v + 1] += start[v];
    const next = start.slice(), around = new Uint32Array(index.length);
    for (let i = 0; i < index.length; i++) around[next[index[i]]++] = i;
    const position = new Float32Array(index.length * 3), normal = new Float32Array(index.length * 3);
    const own = new Uint32Array(index.length);
    let made = 0;
    const put = (v, x, y, z) => {
      const long = Math.sqrt(x * x + y * y + z * z) || 1, at = made * 3;
      position[at] = q[v * 3]; position[at + 1] = q[v * 3 + 1]; position[at + 2] = q[v * 3 + 2];
      normal[at] = x / long; normal[at + 1] = y / long; normal[at + 2] = z / long;
      return made++;
    };
    for (let v = 0; v < count; v++) {
      const from = start[v], to = start[v + 1];
      let x = 0, y = 0, z = 0;
      for (let j = from; j < to; j++) {
        const i = around[j], b = i - (i % 3), w = angle[i];
        x += w * unit[b]; y += w * unit[b + 1]; z += w * unit[b + 2];
      }
      const enough = ROUND * Math.sqrt(x * x + y * y + z * z);
      let round = true;
      for (let j = from; j < to && round; j++) {
        const b = around[j] - (around[j] % 3);
        round = x * unit[b] + y * unit[b + 1] + z * unit[b + 2] >= enough;
      }
      if (round) { // nearly everywhere
        const k = put(v, x, y, z);
        for (let j = from; j < to; j++) own[around[j]] = k;
        continue;
      }
      const first = made;
      for (let i = from; i < to; i++) {
        const a = around[i] - (around[i] % 3);
        x = y = z = 0;
        for (let j = from; j < to; j++) {
          const b = around[j] - (around[j] % 3), w = angle[around[j]];
          if (unit[a] * unit[b] + unit[a + 1] * unit[b + 1] + unit[a + 2] * unit[b + 2] < SHARP) continue;
          x += w * unit[b]; y += w * unit[b + 1]; z += w * unit[b + 2];
        }
        const same = 0.9999 * Math.sqrt(x * x + y * y + z * z);
        let k = first;
        while (k < made && normal[k * 3] * x + normal[k * 3 + 1] * y + normal[k * 3 + 2] * z < same) k++;
        own[around[i]] = k < made ? k : put(v, x, y, z);
      }
    }
    return { position: position.subarray(0, made * 3), normal: normal.subarray(0, made * 3), index: own };
  }

  // -- GLB to arrays: positions, smooth normals, paint ---------------------------------------------------
  function readGlb(buffer) {
    const head = new DataView(buffer);
    if (head.getUint32(0, true) !== 0x46546c67) throw new Error("not a GLB file");
    const size = head.getUint32(12, true);
    const doc = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 20, size)));
    const blob = 28 + size;
    const array = (index) => {
      const a = doc.accessors[index], v = doc.bufferViews[a.bufferView];
      const at = blob + (v.byteOffset || 0) + (a.byteOffset || 0);
      const n = a.count * (a.type === "VEC3" ? 3 : 1);
      if (a.componentType === 5126) return new Float32Array(buffer.slice(at, at + n * 4));
      if (a.componentType === 5123) return new Uint16Array(buffer.slice(at, at + n * 2));
      return new Uint32Array(buffer.slice(at, at + n * 4));
    };
    const pieces = [];
    for (const mesh of doc.meshes) for (const p of mesh.primitives) {
      const look = (doc.materials[p.material] || {}).pbrMetallicRoughness || {};
      const more = (doc.materials[p.material] || {}).extras || {};
      pieces.push({ name: mesh.name, position: array(p.attributes.POSITION), index: array(p.indices),
        colour: look.baseColorFactor || [0.5, 0.5, 0.5, 1], rough: look.roughnessFactor ?? 0.6,
        metal: look.metallicFactor ?? 0, gloss: more.gloss ?? 0.8, f0: more.f0 ?? 0.04, kind: more.kind ?? 0 });
    }
    // the closed body first: its inside alone is what a section shows
    pieces.sort((a, b) => (b.name === "body") - (a.name === "body"));
    const wheels = pieces.filter((p) => /^tyre/.test(p.name)).map((p) => spanOf([p]));
    const smooth = pieces.map((p) => split(p.position, p.index));
    const points = smooth.reduce((s, p) => s + p.position.length / 3, 0);
    const corners = smooth.reduce((s, p) => s + p.index.length, 0);
    const position = new Float32Array(points * 3), normal = new Float32Array(points * 3);
    const paint = new Uint8Array(points * 4), finish = new Uint8Array(points * 4), more = new Uint8Array(points * 4);
    const index = new Uint32Array(corners), byte = (v) => Math.round(255 * Math.max(0, Math.min(1, v)));
    let first = 0, corner = 0;
    smooth.forEach((q, at) => {
      const p = pieces[at], count = q.position.length / 3;
      position.set(q.position, first * 3); normal.set(q.normal, first * 3);
      for (let i = 0; i < q.index.length; i++) index[corner++] = q.index[i] + first;
      const coat = [...p.colour.slice(0, 3).map((c) => byte(Math.sqrt(c))), byte(p.gloss)];
      const look = [byte(p.rough), byte(p.metal), byte(p.f0 * 4), p.kind];
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < 4; k++) { paint[(first + i) * 4 + k] = coat[k]; finish[(first + i) * 4 + k] = look[k]; }
        more[(first + i) * 4] = byte(openness(p.name, q, i * 3, wheels));
      }
      first += count;
    });
    const [low, high] = spanOf(pieces), panes = pieces.filter((p) => p.kind === 1);
    const [inner, outer] = panes.length ? spanOf(panes) : [[0, 0, 0], [0, 0, 0]];
    const cabin = [[-outer[2], -outer[0], inner[1]], [-inner[2], -inner[0], outer[1]]]; // in the car's axes
    const closed = pieces.length && pieces[0].name === "body" ? pieces[0].index.length : corners;
    return { position, normal, paint, finish, more, index, low, high, closed, cabin };
  }

  MQ.viewer = function (element, props, watch) {
    const root = element.querySelector(".mq-viewer");
    if (!root) return;
    const words = JSON.parse(root.dataset.words);
    root.innerHTML = `<canvas tabindex="0" role="img"></canvas><svg class="mq-dims" aria-hidden="true"></svg>
      <div class="mq-names"><span></span><span></span></div><p class="mq-empty"></p>
      <div class="mq-tools" role="toolbar"></div>`;
    const canvas = root.querySelector("canvas"), svg = root.querySelector("svg");
    const empty = root.querySelector(".mq-empty"), tools = root.querySelector(".mq-tools");
    const names = root.querySelectorAll(".mq-names span");
    canvas.setAttribute("aria-label", words.label);
    const gl = canvas.getContext("webgl2", { antialias: true, alpha: true, stencil: true });
    if (!gl) { empty.textContent = words.nowebgl; return; }
    // browsers keep few contexts: those of views that the page has replaced are given back
    MQ.views = (MQ.views || []).filter((v) => v.canvas.isConnected || (v.gl.getExtension("WEBGL_lose_context")?.loseContext(), false));
    MQ.views.push({ canvas, gl });
    let dead = false; // the browser may take a context away: the view is built anew then
    canvas.addEventListener("webglcontextlost", (e) => {
      if (!canvas.isConnected) return;
      e.preventDefault(); dead = true;
      setTimeout(() => MQ.viewer(element, props, watch), 400);
    }, { once: true });
    const state = { yaw: PRESETS.corner[0], pitch: PRESETS.corner[1], zoom: 1, bodies: [null, null],
      section: 0, at: 0.5, dims: false, urls: ["", ""], wanted: 0, drawn: false };
    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text); gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) console.error(gl.getShaderInfoLog(shader));
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    const at = (name) => gl.getUniformLocation(program, name);
    const where = { camera: at("camera"), eye: at("eye"), cut: at("cut"), shadow: at("shadow"), box: at("box"),
      grey: at("grey"), inside: at("inside"), boxCentre: at("boxCentre"), cabinLow: at("cabinLow"),
      cabinHigh: at("cabinHigh"), keyLight: at("keyLight"), boxPower: at("boxPower") };

    function upload(data) {
      const vao = gl.createVertexArray(), kept = [];
      gl.bindVertexArray(vao);
      const fill = (name, values, size, kind, norm) => {
        const b = gl.createBuffer(), slot = gl.getAttribLocation(program, name);
        gl.bindBuffer(gl.ARRAY_BUFFER, b); gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
        gl.enableVertexAttribArray(slot); gl.vertexAttribPointer(slot, size, kind, norm, 0, 0); kept.push(b);
      };
      fill("position", data.position, 3, gl.FLOAT, false);
      fill("normal", data.normal, 3, gl.FLOAT, false);
      fill("paint", data.paint, 4, gl.UNSIGNED_BYTE, true);
      fill("finish", data.finish, 4, gl.UNSIGNED_BYTE, true);
      fill("more", data.more, 4, gl.UNSIGNED_BYTE, true);
      const b = gl.createBuffer(); kept.push(b);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, b); gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, data.index, gl.STATIC_DRAW);
      gl.bindVertexArray(null);
      const centre = data.low.map((v, k) => (v + data.high[k]) / 2);
      const size = data.high.map((v, k) => v - data.low[k]);
      const g = upload.floor([centre[0], centre[2], size[0], size[2]], Math.min(0.002, data.low[1] + 0.002));
      return { vao, kept, position: data.position, index: data.index, lines: null, count: data.index.length, closed: data.closed, low: data.low, high: data.high, centre, size, cabin: data.cabin, floor: g, near: near(data, size) };
    }
    // how dark it is below: 1 where all of the footprint lies low (a car), 0.3 where only feet do (a chair)
    const near = ({ position, index, low }, size) => {
      const n = 10, met = new Uint8Array(n * n), cell = (v, k) => Math.min(n - 1, Math.max(0, Math.floor(n * (v - low[k]) / (size[k] || 1))));
      for (let i = 0; i < index.length; i += 3) {
        const of = [0, 1, 2].map((k) => 3 * index[i + k]);
        if (Math.max(...of.map((o) => position[o + 1])) > LOW) continue;
        const [x, z] = [0, 2].map((k) => of.map((o) => cell(position[o + k], k)));
        for (let a = Math.min(...x); a <= Math.max(...x); a++) for (let b = Math.min(...z); b <= Math.max(...z); b++) met[n * a + b] = 1;
      }
      return Math.min(1, 0.3 + met.reduce((sum, m) => sum + m, 0) / met.length);
    };
    upload.floor = (box, y) => { // a frame reaches below its axles, where its ground is
      const [x, z, w, l] = box, vao = gl.createVertexArray(), b = gl.createBuffer();
      gl.bindVertexArray(vao); gl.bindBuffer(gl.ARRAY_BUFFER, b);
      const c = [[-1, -1], [1, -1], [1, 1], [-1, -1], [1, 1], [-1, 1]];
      gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(c.flatMap(([i, j]) => [x + i * w * 0.75, y, z + j * l * 0.66])), gl.STATIC_DRAW);
      const slot = gl.getAttribLocation(program, "position");
      gl.enableVertexAttribArray(slot); gl.vertexAttribPointer(slot, 3, gl.FLOAT, false, 0, 0);
      gl.bindVertexArray(null);
      return { vao, b, box: [x, z, w * 0.56, l * 0.52] };
    };
    const drop = (body) => { if (!body) return; body.kept.forEach((b) => gl.deleteBuffer(b)); gl.deleteBuffer(body.floor.b);
      gl.deleteVertexArray(body.vao); gl.deleteVertexArray(body.floor.vao); };

    function camera(body, width, height) {
      const angle = 0.33, aspect = width / height, [x, y, z] = body.size;
      const wide = Math.abs(Math.cos(state.yaw)) * x + Math.abs(Math.sin(state.yaw)) * z;
      const deep = Math.abs(Math.sin(state.yaw)) * x + Math.abs(Math.cos(state.yaw)) * z;
      const tall = Math.cos(state.pitch) * y + Math.abs(Math.sin(state.pitch)) * deep;
      const fit = Math.max(tall * 1.42, (wide * 1.16) / aspect) / (2 * Math.tan(angle / 2)) + deep * 0.5;
      const reach = Math.hypot(...body.size), away = fit / state.zoom, c = Math.cos(state.pitch);
      const direction = [Math.sin(state.yaw) * c, Math.sin(state.pitch), Math.cos(state.yaw) * c];
      const eye = body.centre.map((v, k) => v + direction[k] * away);
      const back = [-direction[2], -direction[0], direction[1]], right = unit(cross([0, 0, 1], back)), up = cross(back, right);
      const key = back.map((v, k) => 0.55 * v - 0.65 * right[k] + 0.75 * up[k]); // in the car's axes
      return { eye, key, high: back[2], matrix: product(perspective(angle, aspect, Math.max(0.05, away - reach), away + reach), lookAt(eye, body.centre)) };
    }
    function plane(body) {
      if (!state.section) return [0, 0, 0, -100];
      const axis = state.section === 1 ? 0 : 2, p = body.low[axis] + body.size[axis] * state.at;
      // what lies between the eye and the plane is taken away
      const sign = (axis === 0 ? Math.sin(state.yaw) : Math.cos(state.yaw)) < 0 ? -1 : 1;
      const n = [0, 0, 0, -sign * p]; n[axis] = sign; return n;
    }
    function draw() {
      state.wanted = 0;
      if (dead) return;
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const [w, h] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
      if (!w || !h) return;
      if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT | gl.STENCIL_BUFFER_BIT);
      const shown = state.bodies.filter(Boolean), part = Math.floor(w / Math.max(1, shown.length));
      gl.useProgram(program);
      gl.enable(gl.DEPTH_TEST);
      shown.forEach((body, k) => {
        gl.viewport(k * part, 0, part, h);
        const { eye, key, high, matrix } = camera(shown[0], part, h);
        gl.uniform3fv(where.keyLight, key);
        gl.uniform1f(where.boxPower, high > 0.9 ? 0.4 : 1);
        gl.uniform3f(where.boxCentre, -body.centre[2], -body.centre[0], body.centre[1]);
        gl.uniform3fv(where.cabinLow, body.cabin[0]); gl.uniform3fv(where.cabinHigh, body.cabin[1]);
        gl.uniformMatrix4fv(where.camera, false, matrix);
        gl.uniform3fv(where.eye, eye);
        gl.uniform4fv(where.cut, plane(body));
        gl.uniform1f(where.grey, k === 0 && (props.value || {}).grey ? 1 : 0);
        gl.uniform1f(where.shadow, 0);
        gl.bindVertexArray(body.vao);
        gl.drawElements(gl.TRIANGLES, body.count, gl.UNSIGNED_INT, 0);
        if (state.section) cap(body);
        gl.uniform1f(where.shadow, 1 + body.near);
        gl.uniform4fv(where.box, body.floor.box);
        gl.enable(gl.BLEND); gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
        gl.bindVertexArray(body.floor.vao); gl.drawArrays(gl.TRIANGLES, 0, 6);
        gl.disable(gl.BLEND);
      });
      gl.bindVertexArray(null);
      svg.replaceChildren();
      svg.setAttribute("viewBox", `0 0 ${w / ratio} ${h / ratio}`);
      section(shown, w / ratio, h / ratio);
      dimensions(shown, w / ratio, h / ratio);
      if (shown.length) { root.dataset.drawn = state.urls.filter(Boolean).join(" "); }
    }
    const redraw = () => { if (!state.wanted) state.wanted = requestAnimationFrame(draw); };

    // the cut face: a sight line that leaves the closed body more often than it enters began inside it
    function cap(body) {
      gl.enable(gl.STENCIL_TEST); gl.disable(gl.DEPTH_TEST); gl.colorMask(false, false, false, false);
      gl.stencilFunc(gl.ALWAYS, 0, 255);
      gl.stencilOpSeparate(gl.FRONT, gl.KEEP, gl.KEEP, gl.DECR_WRAP);
      gl.stencilOpSeparate(gl.BACK, gl.KEEP, gl.KEEP, gl.INCR_WRAP);
      gl.drawElements(gl.TRIANGLES, body.closed, gl.UNSIGNED_INT, 0);
      gl.colorMask(true, true, true, true);
      gl.stencilFunc(gl.NOTEQUAL, 0, 255); gl.stencilOp(gl.KEEP, gl.KEEP, gl.ZERO);
      gl.uniform1f(where.inside, 1); gl.drawArrays(gl.TRIANGLES, 0, 3); gl.uniform1f(where.inside, 0);
      gl.disable(gl.STENCIL_TEST); gl.enable(gl.DEPTH_TEST);
    }

    // where the plane cuts every part: ends of segments, six numbers each
    function cutLines(body) {
      const [x, y, z, d] = plane(body), key = `${x} ${y} ${z} ${d}`;
      if (body.lines && body.lines.key === key) return body.lines.ends;
      const p = body.position, ends = [];
      const over = new Float32Array(p.length / 3);
      for (let i = 0; i < over.length; i++) over[i] = x * p[3 * i] + y * p[3 * i + 1] + z * p[3 * i + 2] + d;
      for (let t = 0; t < body.index.length; t += 3) {
        const c = [body.index[t], body.index[t + 1], body.index[t + 2]];
        if ((over[c[0]] > 0) === (over[c[1]] > 0) && (over[c[1]] > 0) === (over[c[2]] > 0)) continue;
        for (let k = 0; k < 3; k++) {
          const a = c[k], b = c[(k + 1) % 3];
          if ((over[a] > 0) === (over[b] > 0)) continue;
          const s = over[a] / (over[a] - over[b]);
          for (let q = 0; q < 3; q++) ends.push(p[3 * a + q] + s * (p[3 * b + q] - p[3 * a + q]));
        }
      }
      body.lines = { key, ends };
      return ends;
    }
    function section(shown, w, h) {
      if (!state.section) return;
      const part = w / Math.max(1, shown.length);
      shown.forEach((body, k) => {
        const { matrix } = camera(shown[0], part, h), ends = cutLines(body);
        const place = (at) => {
          const v = [0, 1, 3].map((r) => matrix[r] * ends[at] + matrix[4 + r] * ends[at + 1] + matrix[8 + r] * ends[at + 2] + matrix[12 + r]);
          return `${(k * part + ((v[0] / v[2] + 1) / 2) * part).toFixed(1)} ${(((1 - v[1] / v[2]) / 2) * h).toFixed(1)}`;
        };
        let path = "";
        for (let at = 0; at + 5 < ends.length; at += 6) path += `M${place(at)}L${place(at + 3)}`;
        const e = document.createElementNS("http://www.w3.org/2000/svg", "path");
        e.setAttribute("d", path); e.setAttribute("class", "mq-cut"); svg.append(e);
      });
    }

    function dimensions(shown, w, h) {
      const value = props.value || {};
      if (!state.dims || !shown.length || !value.dims) return;
      const { matrix } = camera(shown[0], w / shown.length, h), part = w / shown.length;
      const place = (p) => {
        const g = [-p[1] / 1000, p[2] / 1000, -p[0] / 1000], v = [0, 1, 3].map((r) =>
          matrix[r] * g[0] + matrix[4 + r] * g[1] + matrix[8 + r] * g[2] + matrix[12 + r]);
        return [((v[0] / v[2] + 1) / 2) * part, ((1 - v[1] / v[2]) / 2) * h];
      };
      const make = (tag, more) => { const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
        for (const k in more) e.setAttribute(k, more[k]); svg.append(e); return e; };
      const labels = []; // none lies on one before it
      for (const d of value.dims) {
        const [a, b] = [place(d.a), place(d.b)], long = Math.hypot(b[0] - a[0], b[1] - a[1]);
        if (long < 60) continue; // seen from its end
        const [nx, ny] = [-(b[1] - a[1]) / long, (b[0] - a[0]) / long];
        make("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1] });
        for (const p of [a, b]) make("line", { x1: p[0] - nx * 6, y1: p[1] - ny * 6, x2: p[0] + nx * 6, y2: p[1] + ny * 6 });
        const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], text = `${d.name} ${d.text}`, half = text.length * 3.3 + 6;
        middle[0] = Math.max(half + 6, Math.min(w - half - 6, middle[0]));
        const covers = (y) => labels.some((l) => Math.abs(l[0] - middle[0]) < l[2] + half && Math.abs(l[1] - y) < 22);
        for (let k = 1; k < 12 && covers(middle[1]); k += 1) middle[1] += k % 2 ? 22 * k : -22 * k;
        labels.push([middle[0], middle[1], half]);
        make("rect", { x: middle[0] - half, y: middle[1] - 10, width: half * 2, height: 20, rx: 4 });
        make("text", { x: middle[0], y: middle[1] + 4 }).textContent = text;
      }
    }

    // -- what the designer does ---------------------------------------------------------------------------
    let hold = null;
    canvas.addEventListener("pointerdown", (e) => { hold = [e.clientX, e.clientY]; canvas.setPointerCapture(e.pointerId); });
    canvas.addEventListener("pointerup", () => { hold = null; });
    canvas.addEventListener("pointermove", (e) => {
      if (!hold) return;
      state.yaw -= (e.clientX - hold[0]) * 0.008;
      state.pitch = Math.max(-0.1, Math.min(1.56, state.pitch + (e.clientY - hold[1]) * 0.006));
      hold = [e.clientX, e.clientY]; redraw();
    });
    canvas.addEventListener("wheel", (e) => { e.preventDefault();
      state.zoom = Math.max(0.5, Math.min(6, state.zoom * Math.exp(-e.deltaY * 0.001))); redraw(); }, { passive: false });
    canvas.addEventListener("keydown", (e) => {
      const step = { ArrowLeft: [-0.12, 0], ArrowRight: [0.12, 0], ArrowUp: [0, 0.08], ArrowDown: [0, -0.08] }[e.key];
      if (step) { e.preventDefault(); state.yaw += step[0]; state.pitch = Math.max(-0.1, Math.min(1.56, state.pitch + step[1])); redraw(); }
      if (e.key === "+" || e.key === "-") { state.zoom = Math.max(0.5, Math.min(6, state.zoom * (e.key === "+" ? 1.15 : 0.87))); redraw(); }
    });
    const button = (text, act, toggles) => {
      const b = document.createElement("button");
      b.type = "button"; b.textContent = text;
      if (toggles) b.setAttribute("aria-pressed", "false");
      b.addEventListener("click", () => { act(b); redraw(); });
      tools.append(b); return b;
    };
    // a product may be seen from elsewhere than a car; its first eye is the one to begin with
    const eyes = () => ({ ...PRESETS, ...((props.value || {}).eyes || {}) });
    const look = (name) => { [state.yaw, state.pitch] = eyes()[name]; state.zoom = 1; };
    for (const name of Object.keys(PRESETS)) button(words[name], () => look(name));
    tools.append(Object.assign(document.createElement("i"), { className: "mq-gap" }));
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: 0.02, max: 0.98, step: 0.01, value: 0.5, hidden: true });
    slider.setAttribute("aria-label", words.section);
    slider.addEventListener("input", () => { state.at = Number(slider.value); redraw(); });
    button(words.section, (b) => { state.section = (state.section + 1) % 3; slider.hidden = !state.section;
      b.textContent = state.section === 1 ? words.along : state.section === 2 ? words.across : words.section;
      b.setAttribute("aria-pressed", String(Boolean(state.section))); }, true);
    tools.append(slider);
    button(words.dims, (b) => { state.dims = !state.dims; b.setAttribute("aria-pressed", String(state.dims)); }, true);

    // -- what the server sends ----------------------------------------------------------------------------
    const fetching = [false, false], gone = [false, false];
    async function load(slot, url) {
      if (state.urls[slot] === url) return;
      state.urls[slot] = url;
      if (!url) { drop(state.bodies[slot]); state.bodies[slot] = null; redraw(); return; }
      if (fetching[slot]) return; // one at a time: when it has come, the latest is asked for
      fetching[slot] = true;
      let shown = "";
      while (state.urls[slot] && state.urls[slot] !== shown) {
        shown = state.urls[slot];
        gone[slot] = false;
        tell();
        try {
          const answer = await fetch(shown);
          if (!answer.ok) throw new Error(words.gone);
          const fresh = upload(readGlb(await answer.arrayBuffer()));
          if (!state.urls[slot]) { drop(fresh); break; }
          drop(state.bodies[slot]); state.bodies[slot] = fresh; tell(); redraw();
        } catch (error) {
          if (state.urls[slot] !== shown) continue;
          state.urls[slot] = ""; gone[slot] = true; tell();
        }
      }
      fetching[slot] = false;
    }
    function take() {
      if (dead) return;
      const value = props.value || {};
      tools.hidden = !value.url;
      names[0].textContent = value.name || ""; names[1].textContent = value.ghost ? value.ghost.name : "";
      root.classList.toggle("mq-two", Boolean(value.ghost));
      if (value.reveal && value.url !== state.urls[0])
        setTimeout(() => root.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" }), 60);
      const first = value.eyes && Object.keys(value.eyes)[0], told = JSON.stringify(value.eyes);
      if (first && told !== state.told) { state.told = told; look(first); }
      load(0, value.url || ""); load(1, value.ghost ? value.ghost.url : "");
      tell();
      redraw();
    }
    function tell() { // why there is nothing to see
      const value = props.value || {};
      const lost = gone[0] || gone[1];
      empty.textContent = !value.url ? value.note || words.empty : lost ? words.gone : words.making;
      empty.hidden = Boolean(value.url && !lost && (state.bodies[0] || !fetching[0]));
    }
    new ResizeObserver(() => { root.classList.toggle("mq-narrow", canvas.clientWidth < 500); redraw(); }).observe(canvas);
    new IntersectionObserver(redraw).observe(canvas);
    watch("value", take);
    take();
  };
})();
