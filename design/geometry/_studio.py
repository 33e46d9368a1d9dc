"""The light of the photo studio, as GLSL: what `views` injects into VTK's shaders.

Light is analytic (no environment texture to filter, so it is quick in software rendering): a long soft
box overhead and two upright ones are found by intersecting the reflected ray with their planes, from the
true position of the surface. Reflections therefore run continuously over a good surface and kink where the
surface kinks, which is what designers look for. Lengths in metres, colours linear.
"""

from __future__ import annotations

VERTEX_DECLARE = """//VTK::Normal::Dec
in float shade;
out float shadeVS;
out vec3 worldNormalVS;
out vec3 worldPositionVS;
"""

VERTEX_BODY = """//VTK::Normal::Impl
shadeVS = shade;
worldNormalVS = normalMC;
worldPositionVS = vertexMC.xyz;
"""

FRAGMENT_DECLARE = """//VTK::Normal::Dec
in float shadeVS;
in vec3 worldNormalVS;
in vec3 worldPositionVS;

float box1(float t, float half_width, float soft) {
  return smoothstep(-half_width - soft, -half_width + soft, t)
    * (1.0 - smoothstep(half_width - soft, half_width + soft, t));
}

// Radiance that arrives at `p` from direction `r`; `blur` (0 mirror .. 1) widens every edge.
vec3 studio(vec3 p, vec3 r, float blur) {
  float up = r.z;
  // bright low wall that fades upwards, darker floor: a crisp horizon runs along the body's side
  vec3 wall = mix(vec3(0.70, 0.72, 0.75), vec3(0.17, 0.175, 0.19), smoothstep(0.0, 0.22, up));
  wall = mix(wall, vec3(0.045, 0.05, 0.06), smoothstep(0.12, 0.65, up));
  vec3 ground = mix(vec3(0.12, 0.12, 0.125), vec3(0.22, 0.22, 0.225), smoothstep(0.0, 0.5, -up));
  // the floor close to the body lies in its own shadow
  float reach = p.z / max(-up, 1e-3) * length(r.xy);
  ground *= mix(0.22, 1.0, smoothstep(0.0, 1.6, reach));
  float edge = 0.02 + 0.45 * blur;
  vec3 light = mix(ground, wall, smoothstep(-edge, edge, up));
  // long soft box overhead, 4.5 m above ground, brightest along its middle
  float high = (4.5 - p.z) / max(up, 1e-3);
  vec2 hit = p.xy + r.xy * high - boxCentre.xy;
  float soft = 0.25 + 2.2 * blur;
  float over = up > 0.02 ? box1(hit.x, 4.4, soft) * box1(hit.y, 1.15, soft) : 0.0;
  over *= 0.45 + 0.55 * exp(-hit.y * hit.y * 1.1) * (0.7 + 0.3 * exp(-hit.x * hit.x * 0.08));
  light += vec3(2.7, 2.68, 2.62) * over * (1.0 - 0.35 * blur) * boxPower;
  // dim cards beyond both ends for the glass of front and rear, a glow high on each side for the side glass
  vec2 far = vec2((abs(hit.x) - 7.0) / 2.6, hit.y / 3.0);
  light += vec3(0.62, 0.64, 0.68) * (up > 0.02 ? exp(-dot(far, far)) : 0.0);
  float glow = smoothstep(0.25, 0.62, up) * (1.0 - smoothstep(0.62, 0.97, up));
  light += vec3(0.50, 0.52, 0.56) * glow * r.y * r.y;
  // strip on each side, 6 m out, for the shoulder line
  float side = (6.0 - abs(p.y)) / max(abs(r.y), 1e-3);
  vec3 at = p + r * side;
  float strip = box1(at.x - boxCentre.x, 6.5, soft) * box1(at.z - 2.9, 0.62, soft * 0.6);
  light += vec3(1.05, 1.08, 1.15) * strip * step(0.02, abs(r.y)) * (1.0 - 0.4 * blur);
  return light;
}

vec3 filmic(vec3 c) {
  c = c * 1.02;
  return clamp((c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14), 0.0, 1.0);
}
"""

FRAGMENT_BODY = """
  vec3 n = normalize(worldNormalVS);
  vec3 v = parallel > 0 ? eye : normalize(eye - worldPositionVS);
  if (dot(n, v) < 0.0) { n = -n; }
  vec3 r = reflect(-v, n);
  float facing = clamp(dot(n, v), 0.0, 1.0);
  float open = clamp(shadeVS, 0.0, 1.0);
  vec3 base = pow(baseColour, vec3(2.2));
  // diffuse: sky from above, bounce from below, a soft key from front left and a rim from behind
  float sky = 0.5 + 0.5 * n.z;
  vec3 diffuse = mix(vec3(0.20, 0.20, 0.205), vec3(0.80, 0.82, 0.86), sky * sky * (3.0 - 2.0 * sky));
  vec3 key = normalize(keyLight);
  float wrap = clamp((dot(n, key) + 0.35) / 1.35, 0.0, 1.0);
  diffuse += vec3(0.62, 0.60, 0.56) * wrap * wrap;
  diffuse *= open;
  float fresnel = f0 + (1.0 - f0) * pow(1.0 - facing, 5.0) * (1.0 - 0.7 * roughness);
  float shut = clamp(open * 1.25 - 0.1 + 0.15 * max(r.z, 0.0), 0.0, 1.0);
  vec3 mirror = studio(worldPositionVS, r, roughness) * shut;
  vec3 broad = studio(worldPositionVS, r, clamp(roughness + 0.55, 0.0, 1.0)) * shut;
  vec3 colour = base * diffuse * (1.0 - metal) + base * broad * metal + mirror * fresnel * gloss;
  colour = pow(filmic(colour), vec3(1.0 / 2.2));
  gl_FragData[0] = vec4(colour, 1.0);
"""
