float box1(float t, float half_width, float soft) {
  return smoothstep(-half_width - soft, -half_width + soft, t)
    * (1.0 - smoothstep(half_width - soft, half_width + soft, t));
}

// Radiance that arrives at `p` from direction `r`; `blur` (0 mirror .. 1) widens every edge.
vec3 studio(vec3 p, vec3 r, float blur) {
  float up = r.z;
  float sideways = r.y * r.y;
  // the walls: a light foot at both ends, dark flags along both sides, all fading upwards
  float foot = mix(0.80, 0.14, smoothstep(0.10, 0.80, sideways));
  float wall = mix(foot, 0.10, smoothstep(-0.02, 0.30 + 0.3 * blur, up));
  wall = mix(wall, 0.04, smoothstep(0.25, 0.8, up));
  // the floor: light far away, dark where the body shades it
  float reach = p.z / max(-up, 1e-3) * length(r.xy);
  float ground = mix(0.72, 0.40, smoothstep(0.0, 0.6, -up)) * mix(0.04, 1.0, smoothstep(0.1, 3.4, reach));
  float edge = 0.010 + 0.40 * blur;
  vec3 light = mix(vec3(0.99, 1.0, 1.0) * ground, vec3(0.96, 0.98, 1.04) * wall, smoothstep(-edge, edge, up));
  // long soft box overhead, brightest along its middle
  float high = (4.4 - p.z) / max(up, 1e-3);
  vec2 hit = p.xy + r.xy * high - boxCentre.xy;
  float soft = 0.22 + 2.0 * blur;
  float over = up > 0.02 ? box1(hit.x, 3.7, soft * 2.5) * box1(hit.y, 1.2, soft) : 0.0;
  over *= 0.40 + 0.60 * exp(-hit.y * hit.y * 1.6);
  light += vec3(5.0, 4.95, 4.85) * over * (1.0 - 0.45 * blur) * boxPower;
  // cards beyond both ends for the glass of front and rear
  vec2 far = vec2((abs(hit.x) - 7.5) / 2.4, hit.y / 3.0);
  light += vec3(0.72, 0.735, 0.76) * (up > 0.02 ? exp(-dot(far, far)) : 0.0);
  // a tall light along each side, 5 m out: crisp below, fading upwards, for one line along the shoulder
  float side = (5.0 - abs(p.y)) / max(abs(r.y), 1e-3);
  vec3 at = p + r * side;
  float rise = at.z - 2.15;
  float strip = box1(at.x - boxCentre.x, 13.0, 4.0) * smoothstep(-soft * 0.9, soft * 0.9, rise);
  strip *= exp(-max(rise, 0.0) / 1.1);
  light += vec3(2.9, 2.95, 3.05) * strip * step(0.02, abs(r.y)) * (1.0 - 0.3 * blur);
  return light;
}

// What one sees through a tinted pane at `p` along `d`: the light of the far windows, dim.
float cabin(vec3 p, vec3 d) {
  if (cabinHigh.x - cabinLow.x < 0.5) { return 0.004; }
  vec3 safe = mix(d, vec3(1e-4), lessThan(abs(d), vec3(1e-4)));
  vec3 low = cabinLow - vec3(0.0, 0.0, 0.5);
  vec3 away = max((mix(low, cabinHigh, step(0.0, safe)) - p) / safe, 0.02);
  vec3 q = p + d * min(away.x, min(away.y, away.z));
  float belt = cabinLow.z, roof = cabinHigh.z, long_ = cabinHigh.x - cabinLow.x;
  float pane = smoothstep(belt, belt + 0.16, q.z) * (1.0 - smoothstep(roof - 0.22, roof - 0.06, q.z));
  float seen = mix(0.012 + 0.05 * smoothstep(belt - 0.3, roof, q.z), 0.15, pane);
  return seen;
}

vec3 filmic(vec3 c) {
  return clamp((c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14), 0.0, 1.0);
}

// The picture's colour (sRGB 0..1) of a point `p` with the unit normal `n`, seen from the unit direction `v`.
// open: 0 shut in .. 1 open to the sky; base: linear; kind: 0 opaque, 1 a pane, 2 a lamp that shines.
vec3 surface(vec3 p, vec3 n, vec3 v, float open, vec3 base, float roughness, float metal, float gloss,
    float f0, int kind) {
  base = max(base, vec3(0.008)); // nothing real is blacker, rubber and soot included
  vec3 r = reflect(-v, n);
  float facing = clamp(dot(n, v), 0.0, 1.0);
  // diffuse: sky from above, bounce from below, a soft key from front left
  float sky = 0.5 + 0.5 * n.z;
  vec3 diffuse = mix(vec3(0.13, 0.13, 0.132), vec3(0.68, 0.69, 0.71), sky * sky * (3.0 - 2.0 * sky));
  float wrap = clamp((dot(n, normalize(keyLight)) + 0.35) / 1.35, 0.0, 1.0);
  diffuse += vec3(0.44, 0.432, 0.42) * wrap * wrap;
  diffuse *= open;
  float shut = clamp(open * 1.25 - 0.1 + 0.15 * max(r.z, 0.0), 0.0, 1.0);
  float coat = gloss * (f0 + (1.0 - f0) * pow(1.0 - facing, 5.0) * (1.0 - 0.7 * roughness));
  vec3 mirror = studio(p, r, roughness) * shut;
  vec3 colour;
  if (kind == 1) {
    float through = cabin(p, -v) * (0.30 + 0.70 * facing);
    colour = through * (base * 2.0 + 0.40) * 1.6 + base * 0.15 * diffuse;
  } else if (kind == 2) {
    colour = base * (1.15 + 0.55 * facing);
  } else {
    vec3 broad = studio(p, r, clamp(roughness + 0.32, 0.0, 1.0)) * shut;
    // flakes: the metallic base turns deeper away from the light
    vec3 flakes = mix(base, base * base * 1.3, 0.45 * (1.0 - facing));
    colour = base * diffuse * (1.0 - metal) + flakes * broad * metal;
  }
  return pow(filmic(mix(colour, mirror, coat)), vec3(1.0 / 2.2));
}
