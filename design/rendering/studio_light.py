"""The light of the photo studio, as GLSL: what `views` injects into VTK's shaders.

Light is analytic (no environment texture to filter, so it is quick in software rendering): a long soft box
overhead, upright ones at both sides, a dark horizon and a light floor are found by intersecting the reflected
ray with their planes, from the true position of the surface. Reflections therefore run continuously over a
good surface and kink where the surface kinks, which is what designers look for. Lengths in metres, colours
linear, radiance 1 is a white card in the studio's own light.

Materials: a base (diffuse or metallic) under a clear coat whose share follows Schlick's approximation of
Fresnel (C. Schlick, An Inexpensive BRDF Model for Physically-based Rendering, 1994). The tone curve is
Krzysztof Narkowicz's fit of the ACES film curve (2016).
"""

from __future__ import annotations

from importlib.resources import files

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

#: light and materials, for VTK's shaders and for the web view's. Whoever includes it declares vec3 boxCentre,
#: cabinLow, cabinHigh and keyLight and float boxPower; lengths in the car's axes (x back, y right, z up), m.
STUDIO = "\n" + (files(__package__) / "studio.glsl").read_text(encoding="utf-8")

#: KIND is defined before it (software rendering runs both branches of an `if`, so each kind has a shader of
#: its own)
FRAGMENT_DECLARE = f"""//VTK::Normal::Dec
in float shadeVS;
in vec3 worldNormalVS;
in vec3 worldPositionVS;
{STUDIO}
"""

FRAGMENT_BODY = """
  vec3 n = normalize(worldNormalVS);
  vec3 v = parallel > 0 ? eye : normalize(eye - worldPositionVS);
  if (dot(n, v) < 0.0) { n = -n; }
  vec3 colour = surface(worldPositionVS, n, v, clamp(shadeVS, 0.0, 1.0), baseColour, roughness, metal, gloss,
    f0, KIND);
  float keep = below > 0 ? exp(-2.6 * max(worldPositionVS.z, 0.0)) : 1.0;
  gl_FragData[0] = vec4(colour * keep, keep);
"""
