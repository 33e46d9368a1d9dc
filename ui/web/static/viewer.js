// The 3D view: a GLB body on a studio floor, in plain WebGL 2. The camera stays where the designer put it
// while the body changes; two bodies share it side by side. Shows sections and dimensions.
(() => {
  "use strict";
  const MQ = (window.MQ = window.MQ || {});

  const VERTEX = `#version 300 es
    in vec3 position; in vec3 normal; in vec4 paint;
    uniform mat4 camera; uniform vec3 eye; uniform float inside; out vec3 at; out vec3 n; out vec4 base;
    void main() { // the inside stands a little nearer, so that seams and trims of the far skin do not pierce it
      at = position; n = normal; base = paint;
      gl_Position = camera * vec4(position + 0.06 * inside * normalize(eye - position), 1.0);
    }`;
  const FRAGMENT = `#version 300 es
    precision highp float;
    in vec3 at; in vec3 n; in vec4 base;
    uniform vec3 eye; uniform vec4 cut; uniform float shadow; uniform vec4 box; uniform float grey; uniform float inside;
    out vec4 colour;
    vec3 room(vec3 d) {
      vec3 c = mix(vec3(0.32, 0.33, 0.35), vec3(0.80, 0.82, 0.85), smoothstep(-0.35, 0.12, d.y));
      c = mix(c, vec3(0.52, 0.55, 0.60), smoothstep(0.15, 0.95, d.y));
      float overhead = smoothstep(0.60, 0.68, d.y) * (1.0 - smoothstep(0.86, 0.93, d.y));
      float side = smoothstep(0.30, 0.36, d.y) * (1.0 - smoothstep(0.44, 0.50, d.y));
      return c + vec3(0.62) * overhead + vec3(0.20) * side * smoothstep(-0.2, 0.6, d.z);
    }
    void main() {
      if (shadow > 0.5) {
        vec2 p = (at.xz - box.xy) / box.zw;
        float r = max(length(p * vec2(1.0, 1.0)), 0.0);
        float edge = 1.0 - smoothstep(0.55, 1.22, pow(pow(abs(p.x), 4.0) + pow(abs(p.y), 4.0), 0.25));
        float dark = 0.42 * edge * (1.0 - 0.25 * min(r, 1.0));
        colour = vec4(vec3(0.05, 0.06, 0.08) * dark, dark);
        return;
      }
      if (dot(vec4(at, 1.0), cut) > 0.0) discard;
      if (inside > 0.5) {
        if (gl_FrontFacing) discard;
        colour = vec4(0.91, 0.47, 0.28, 1.0); // the inside, seen through the cut: as flat as a drawn section
        return;
      }
      vec3 flatn = normalize(cross(dFdx(at), dFdy(at)));
      vec3 view = normalize(eye - at);
      vec3 m = normalize(n);
      if (dot(flatn, m) < 0.0) flatn = -flatn;
      if (dot(flatn, m) < 0.82) m = flatn;
      if (dot(m, view) < 0.0) m = reflect(m, view);
      vec3 albedo = base.rgb * base.rgb; // stored as square roots: dark paints keep their hue
      albedo = mix(albedo, vec3(dot(albedo, vec3(0.3, 0.6, 0.1))) * 0.6 + 0.25, grey);
      vec3 key = normalize(vec3(0.55, 0.9, 0.75));
      float lit = 0.36 + 0.30 * m.y + 0.55 * max(dot(m, key), 0.0);
      float occluded = mix(0.55, 1.0, smoothstep(0.0, 0.35, at.y));
      float gloss = base.a;
      float fresnel = 0.04 + 0.96 * pow(1.0 - max(dot(m, view), 0.0), 5.0);
      vec3 mirror = room(reflect(-view, m));
      vec3 c = albedo * lit * occluded + mirror * (fresnel * 0.75 + 0.07) * gloss * occluded;
      c += vec3(1.0) * gloss * 0.5 * pow(max(dot(reflect(-key, m), view), 0.0), 60.0);
      colour = vec4(pow(c / (1.0 + 0.12 * c), vec3(1.0 / 2.2)), 1.0);
    }`;

  // turned and raised (radians); the nose points to the left, as in the sketches and drawings
  const PRESETS = { corner: [0.72, 0.2], side: [Math.PI / 2, 0.0], front: [0, 0.02], rear: [Math.PI, 0.02],
    top: [Math.PI / 2, 1.56], behind: [2.45, 0.22] };

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
      pieces.push({ name: mesh.name, position: array(p.attributes.POSITION), index: array(p.indices),
        colour: look.baseColorFactor || [0.5, 0.5, 0.5, 1], rough: look.roughnessFactor ?? 0.6 });
    }
    // the closed body first: its inside alone is what a section shows
    pieces.sort((a, b) => (b.name === "body") - (a.name === "body"));
    const points = pieces.reduce((s, p) => s + p.position.length / 3, 0);
    const corners = pieces.reduce((s, p) => s + p.index.length, 0);
    const position = new Float32Array(points * 3), normal = new Float32Array(points * 3);
    const paint = new Uint8Array(points * 4), index = new Uint32Array(corners);
    let first = 0, corner = 0;
    const low = [1e9, 1e9, 1e9], high = [-1e9, -1e9, -1e9];
    for (const p of pieces) {
      const q = p.position, n = normal.subarray(first * 3);
      position.set(q, first * 3);
      for (let i = 0; i < p.index.length; i += 3) {
        const [a, b, c] = [p.index[i] * 3, p.index[i + 1] * 3, p.index[i + 2] * 3];
        const ux = q[b] - q[a], uy = q[b + 1] - q[a + 1], uz = q[b + 2] - q[a + 2];
        const vx = q[c] - q[a], vy = q[c + 1] - q[a + 1], vz = q[c + 2] - q[a + 2];
        const f = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
        for (const s of [a, b, c]) { n[s] += f[0]; n[s + 1] += f[1]; n[s + 2] += f[2]; }
      }
      for (let i = 0; i < p.index.length; i++) index[corner++] = p.index[i] + first;
      const gloss = Math.round(255 * Math.max(0, Math.min(1, 1.15 - p.rough)));
      const coat = [...p.colour.slice(0, 3).map((c) => Math.round(255 * Math.sqrt(c))), gloss];
      for (let i = 0; i < q.length / 3; i++) {
        paint.set(coat, (first + i) * 4);
        for (let k = 0; k < 3; k++) { const v = q[i * 3 + k]; if (v < low[k]) low[k] = v; if (v > high[k]) high[k] = v; }
      }
      first += q.length / 3;
    }
    const closed = pieces.length && pieces[0].name === "body" ? pieces[0].index.length : corners;
    return { position, normal, paint, index, low, high, closed };
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
    const gl = canvas.getContext("webgl2", { antialias: true, alpha: true });
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
      grey: at("grey"), inside: at("inside") };

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
      const b = gl.createBuffer(); kept.push(b);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, b); gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, data.index, gl.STATIC_DRAW);
      gl.bindVertexArray(null);
      const centre = data.low.map((v, k) => (v + data.high[k]) / 2);
      const size = data.high.map((v, k) => v - data.low[k]);
      const g = upload.floor([centre[0], centre[2], size[0], size[2]]);
      return { vao, kept, count: data.index.length, closed: data.closed, low: data.low, high: data.high, centre, size, floor: g };
    }
    upload.floor = (box) => {
      const [x, z, w, l] = box, vao = gl.createVertexArray(), b = gl.createBuffer();
      gl.bindVertexArray(vao); gl.bindBuffer(gl.ARRAY_BUFFER, b);
      const c = [[-1, -1], [1, -1], [1, 1], [-1, -1], [1, 1], [-1, 1]];
      gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(c.flatMap(([i, j]) => [x + i * w * 0.75, 0.002, z + j * l * 0.66])), gl.STATIC_DRAW);
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
      const away = fit / state.zoom, c = Math.cos(state.pitch);
      const direction = [Math.sin(state.yaw) * c, Math.sin(state.pitch), Math.cos(state.yaw) * c];
      const eye = body.centre.map((v, k) => v + direction[k] * away);
      return { eye, matrix: product(perspective(angle, aspect, 0.1, 100), lookAt(eye, body.centre)) };
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
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      const shown = state.bodies.filter(Boolean), part = Math.floor(w / Math.max(1, shown.length));
      gl.useProgram(program);
      gl.enable(gl.DEPTH_TEST);
      shown.forEach((body, k) => {
        gl.viewport(k * part, 0, part, h);
        const { eye, matrix } = camera(shown[0], part, h);
        gl.uniformMatrix4fv(where.camera, false, matrix);
        gl.uniform3fv(where.eye, eye);
        gl.uniform4fv(where.cut, plane(body));
        gl.uniform1f(where.grey, k === 0 && (props.value || {}).grey ? 1 : 0);
        gl.uniform1f(where.shadow, 0);
        gl.bindVertexArray(body.vao);
        for (const inside of state.section ? [0, 1] : [0]) {
          gl.uniform1f(where.inside, inside);
          gl.drawElements(gl.TRIANGLES, inside ? body.closed : body.count, gl.UNSIGNED_INT, 0);
        }
        gl.uniform1f(where.inside, 0);
        gl.uniform1f(where.shadow, 1);
        gl.uniform4fv(where.box, body.floor.box);
        gl.enable(gl.BLEND); gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
        gl.bindVertexArray(body.floor.vao); gl.drawArrays(gl.TRIANGLES, 0, 6);
        gl.disable(gl.BLEND);
      });
      gl.bindVertexArray(null);
      dimensions(shown, w / ratio, h / ratio);
      if (shown.length) { root.dataset.drawn = state.urls.filter(Boolean).join(" "); }
    }
    const redraw = () => { if (!state.wanted) state.wanted = requestAnimationFrame(draw); };

    function dimensions(shown, w, h) {
      svg.replaceChildren();
      const value = props.value || {};
      if (!state.dims || !shown.length || !value.dims) return;
      svg.setAttribute("viewBox", `0 0 ${w} ${h}`);
      const { matrix } = camera(shown[0], w / shown.length, h), part = w / shown.length;
      const place = (p) => {
        const g = [-p[1] / 1000, p[2] / 1000, -p[0] / 1000], v = [0, 1, 3].map((r) =>
          matrix[r] * g[0] + matrix[4 + r] * g[1] + matrix[8 + r] * g[2] + matrix[12 + r]);
        return [((v[0] / v[2] + 1) / 2) * part, ((1 - v[1] / v[2]) / 2) * h];
      };
      const make = (tag, more) => { const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
        for (const k in more) e.setAttribute(k, more[k]); svg.append(e); return e; };
      for (const d of value.dims) {
        const [a, b] = [place(d.a), place(d.b)], long = Math.hypot(b[0] - a[0], b[1] - a[1]);
        if (long < 60) continue; // seen from its end
        const [nx, ny] = [-(b[1] - a[1]) / long, (b[0] - a[0]) / long];
        make("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1] });
        for (const p of [a, b]) make("line", { x1: p[0] - nx * 6, y1: p[1] - ny * 6, x2: p[0] + nx * 6, y2: p[1] + ny * 6 });
        const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], text = `${d.name} ${d.text}`, half = text.length * 3.3 + 6;
        middle[0] = Math.max(half + 6, Math.min(w - half - 6, middle[0]));
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
    for (const name of Object.keys(PRESETS)) button(words[name], () => { [state.yaw, state.pitch] = PRESETS[name]; state.zoom = 1; });
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
    const fetching = [false, false];
    async function load(slot, url) {
      if (state.urls[slot] === url) return;
      state.urls[slot] = url;
      if (!url) { drop(state.bodies[slot]); state.bodies[slot] = null; redraw(); return; }
      if (fetching[slot]) return; // one at a time: when it has come, the latest is asked for
      fetching[slot] = true;
      let shown = "";
      while (state.urls[slot] && state.urls[slot] !== shown) {
        shown = state.urls[slot];
        try {
          const answer = await fetch(shown);
          if (!answer.ok) throw new Error(words.gone);
          const fresh = upload(readGlb(await answer.arrayBuffer()));
          if (!state.urls[slot]) { drop(fresh); break; }
          drop(state.bodies[slot]); state.bodies[slot] = fresh; redraw();
        } catch (error) {
          if (state.urls[slot] !== shown) continue;
          state.urls[slot] = ""; empty.textContent = words.gone; empty.hidden = false;
        }
      }
      fetching[slot] = false;
    }
    function take() {
      if (dead) return;
      const value = props.value || {};
      empty.textContent = value.url ? "" : value.note || words.empty;
      empty.hidden = Boolean(value.url);
      tools.hidden = !value.url;
      names[0].textContent = value.name || ""; names[1].textContent = value.ghost ? value.ghost.name : "";
      root.classList.toggle("mq-two", Boolean(value.ghost));
      if (value.reveal && value.url !== state.urls[0])
        setTimeout(() => root.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" }), 60);
      load(0, value.url || ""); load(1, value.ghost ? value.ghost.url : "");
      redraw();
    }
    new ResizeObserver(() => { root.classList.toggle("mq-narrow", canvas.clientWidth < 500); redraw(); }).observe(canvas);
    new IntersectionObserver(redraw).observe(canvas);
    watch("value", take);
    take();
  };
})();
