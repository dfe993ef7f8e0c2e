// Polynomial coefficients and split constants of the vector mathematics.
// Printed by generate_vector_math_coefficients.py, which says how they are found; do not edit.
#pragma once

// clang-format off
namespace ravine::vector_math::coefficients {

/// ln 2 in two pieces; the first has 40 bits, so that its product with an exponent is exact.
inline constexpr double ln2[] = {0x1.62e42fefa4000p-1, -0x1.8432a1b0e2634p-43};

/// pi/2 in three f64 pieces.
inline constexpr double halfPi[] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110};

/// 2/pi times 2^200, in f64 pieces of falling size whose sum is right to 2^-1170.
inline constexpr double twoOverPiPieces[] = {
    0x1.45f306dc9c882p+199, 0x1.4a7f09d5f47d4p+146, 0x1.a6ee06db14accp+93, 0x1.3c439041fe516p+40,
    0x1.d5ef5de2b0db9p-15, 0x1.1b8e909374b80p-70, 0x1.924bba8274648p-126, 0x1.cfe1deb1cb129p-180,
    0x1.4e7dd1046bea5p-233, 0x1.aed1213a671c0p-286, 0x1.35a2fbf209cc8p-339, 0x1.d639835339f49p-392,
    0x1.908bf177bf250p-445, 0x1.d8ffc4bffef02p-499, 0x1.980fef2f118b5p-552, 0x1.414da3eda6cfdp-605,
    0x1.3c9f2c26dd3d1p-658, 0x1.1fb34f2ff516bp-711, 0x1.527bac7ebe5f1p-764, 0x1.ecf41ce7de294p-818,
    0x1.497535fdafd88p-871, 0x1.f8d5d08560330p-924,
};

inline constexpr int twoOverPiScale = 200;

/// P(r) in e^r - 1 = r + r^2 P(r), |r| <= ln(2)/2.
/// Relative error 5.3e-12, degree 6.
inline constexpr double exponentialSingle[] = {
    0x1.00000000173f4p-1, 0x1.5555557379b6cp-3, 0x1.555554f2e4c66p-5, 0x1.1110b1c9bab08p-7, 0x1.6c1767745262ep-10,
    0x1.a17002a8c31a1p-13, 0x1.a0037e62cb26cp-16};

/// P(r) in e^r - 1 = r + r^2 P(r), |r| <= ln(2)/2.
/// Relative error 1.1e-18, degree 10.
inline constexpr double exponentialDouble[] = {
    0x1.0000000000000p-1, 0x1.5555555555559p-3, 0x1.555555555553ep-5, 0x1.111111110f6aap-7, 0x1.6c16c16c1f17ap-10,
    0x1.a01a01afe9ac5p-13, 0x1.a01a017b90019p-16, 0x1.71ddf841f1392p-19, 0x1.27e5366baa4abp-22, 0x1.af5ee86be0de6p-26,
    0x1.1ee876872ad0cp-29};

/// P(f) in log(1+f) = f + f^2 P(f), 1+f in [sqrt(1/2), sqrt(2)].
/// Relative error 1.8e-11, degree 11.
inline constexpr double logarithmSingle[] = {
    -0x1.00000001d91bcp-1, 0x1.555555cf5dc93p-2, -0x1.fffff90f7c47dp-3, 0x1.999910e20a4e0p-3, -0x1.5556b359177b4p-3,
    0x1.24abbff610b00p-3, -0x1.ffe4dec3e90dap-4, 0x1.c2f423d034ffap-4, -0x1.969f54413ac36p-4, 0x1.9a3aedd6a7a61p-4,
    -0x1.945a6e10d164fp-4, 0x1.b6fbb5eb79e42p-5};

/// The same, for the base of a power: the exponent multiplies its error by up to 104.
/// Relative error 7.2e-14, degree 14.
inline constexpr double logarithmOfBase[] = {
    -0x1.000000000282fp-1, 0x1.555555549dddfp-2, -0x1.ffffffee336fdp-3, 0x1.99999ab49bcf8p-3, -0x1.55555e07a517ap-3,
    0x1.249203408db14p-3, -0x1.fffc3de41ba11p-4, 0x1.c72b086c14093p-4, -0x1.9a042ac268209p-4, 0x1.73c4fd4509f9ap-4,
    -0x1.4f20c0cf15a60p-4, 0x1.3a4850ce3a9cdp-4, -0x1.50e603a3724fbp-4, 0x1.47ba9acaf5033p-4, -0x1.46ca6797b3116p-5};

/// P(z) in log((1+s)/(1-s)) = 2s + s z P(z), z = s^2, s = f/(2+f) for the same f.
/// Relative error 1.6e-18, degree 6.
inline constexpr double logarithmDouble[] = {
    0x1.5555555555593p-1, 0x1.999999997fb33p-2, 0x1.2492494217936p-2, 0x1.c71c51e8009cep-3, 0x1.7466462b06a81p-3,
    0x1.39a0f521e2ecep-3, 0x1.2f0d8d990832bp-3};

/// P(z) in log((1+s)/(1-s)) = 2s + (2/3) s z + s z^2 P(z): good to 2^-69 for a power in f64.
/// Relative error 1.2e-20, degree 7.
inline constexpr double logarithmTailOfBase[] = {
    0x1.9999999999996p-2, 0x1.2492492493049p-2, 0x1.c71c71c57e00ep-3, 0x1.745d183379f67p-3, 0x1.3b13626751b90p-3,
    0x1.1120c17826493p-3, 0x1.de318fb6ed243p-4, 0x1.eb20ca2b25f5ap-4};

/// P(z) in sin r = r + r z P(z), z = r^2, |r| <= pi/2.
/// Relative error 6.9e-14, degree 5.
inline constexpr double sineSingle[] = {
    -0x1.5555555546e77p-3, 0x1.1111110a44106p-7, -0x1.a019fd506ec8cp-13, 0x1.71dcf657ae1cbp-19,
    -0x1.ae0394f1c013fp-26, 0x1.52d49fb2ccef4p-33};

/// P(z) in cos r = 1 - z/2 + z^2 P(z), z = r^2, |r| <= pi/4.
/// Relative error 1.2e-13, degree 3.
inline constexpr double cosineSingle[] = {
    0x1.5555554ecbf7cp-5, -0x1.6c16b81ba09bdp-10, 0x1.a010d55728647p-16, -0x1.241ca95ddbe96p-22};

/// P(z) in asin s = s + s z P(z), z = s^2, |s| <= 1/2.
/// Relative error 1.7e-11, degree 6.
inline constexpr double arcSineSingle[] = {
    0x1.55555609af1a7p-3, 0x1.3332a7a29cc35p-4, 0x1.6ddb3d5015eb4p-5, 0x1.ed51442fbde62p-6, 0x1.9367caf3626a0p-6,
    0x1.e8c151d4a1136p-8, 0x1.1c51d7bb72866p-5};

/// P(z) in atan t = t + t z P(z), z = t^2, |t| <= tan(pi/8).
/// Relative error 7.7e-13, degree 6.
inline constexpr double arcTangentSingle[] = {
    -0x1.5555554ef531dp-2, 0x1.9999920e4ba13p-3, -0x1.2490c585cfc12p-3, 0x1.c6d23c41affc7p-4, -0x1.708545521ca9fp-4,
    0x1.1e66687c241dfp-4, -0x1.36cc6a99f413fp-5};

/// P(z) in sin r = r + r z P(z), z = r^2, |r| <= pi/2.
/// Relative error 4.1e-18, degree 7.
inline constexpr double sineDouble[] = {
    -0x1.5555555555555p-3, 0x1.11111111110c0p-7, -0x1.a01a01a0147abp-13, 0x1.71de3a52803efp-19,
    -0x1.ae6454c7ce2dfp-26, 0x1.6123ca40354a4p-33, -0x1.ae42dfb18cb69p-41, 0x1.8822fc79c5bf6p-49};

/// P(z) in cos r = 1 - z/2 + z^2 P(z), z = r^2, |r| <= pi/4.
/// Relative error 1.6e-18, degree 5.
inline constexpr double cosineDouble[] = {
    0x1.555555555554bp-5, -0x1.6c16c16c14f47p-10, 0x1.a01a019c7cd9ap-16, -0x1.27e4f7e53e25dp-22,
    0x1.1ee9d3dc74147p-29, -0x1.8fa290ddbfe7fp-37};

/// P(z) in asin s = s + s z P(z), z = s^2, |s| <= 1/2.
/// Relative error 1.1e-18, degree 12.
inline constexpr double arcSineDouble[] = {
    0x1.5555555555578p-3, 0x1.333333332df06p-4, 0x1.6db6db722bfa2p-5, 0x1.f1c71a8b6eaafp-6, 0x1.6e8bdfeaeab2dp-6,
    0x1.1c49ddbd9ea7fp-6, 0x1.ca2149f264e48p-7, 0x1.75776395ddd25p-7, 0x1.618b8d7bd863dp-7, 0x1.e14fea7bf96c3p-9,
    0x1.65052a4768adap-6, -0x1.59faa0a2f306dp-6, 0x1.0be5967937be8p-5};

/// P(z) in atan t = t + t z P(z), z = t^2, |t| <= tan(pi/8).
/// Relative error 1.9e-18, degree 10.
inline constexpr double arcTangentDouble[] = {
    -0x1.555555555553dp-2, 0x1.9999999995863p-3, -0x1.24924922ad986p-3, 0x1.c71c70e63180cp-4, -0x1.745cf8e01b7b4p-4,
    0x1.3b11194e4bcc3p-4, -0x1.10ebb97e7b180p-4, 0x1.df0f4bd8d6dcap-5, -0x1.9cd26cb9dfd93p-5, 0x1.37d3fe24dc275p-5,
    -0x1.2564d76ee1469p-6};

/// P(v) in erf x = x P(v), v = x^2 - 7.75, |x| <= 3.9375.
/// Relative error 5.9e-12, degree 20.
inline constexpr double errorFunctionSingle[] = {
    0x1.6fcd22af707b8p-2, -0x1.7b26f08b1398ep-6, 0x1.237b69196e0d5p-9, -0x1.ea83aa1ee902dp-13, 0x1.a51febcee9f3ap-16,
    -0x1.642a53f6f6b00p-19, 0x1.2240e7102a6f7p-22, -0x1.c18caef483d11p-26, 0x1.4826814e641c0p-29,
    -0x1.c1b9aabb78abap-33, 0x1.211886d54fc3dp-36, -0x1.5d35ef67dfdcfp-40, 0x1.8ae604f09ae8ap-44,
    -0x1.9f6f80c4968dap-48, 0x1.a5e5d1e204956p-52, -0x1.b0a2aed07ce2cp-56, 0x1.7641e4d7f370fp-60,
    -0x1.a6272ed349991p-65, 0x1.97eb9e7b90400p-69, -0x1.717c4f511f73fp-72, 0x1.ec15a0410a673p-77};

/// P(z) in erf x = x + x P(z), z = x^2, |x| <= 1.
/// Relative error 1.1e-17, degree 12.
inline constexpr double errorFunctionDouble[] = {
    0x1.06eba8214db69p-3, -0x1.812746b0379e6p-2, 0x1.ce2f21a042b20p-4, -0x1.b82ce3128499cp-6, 0x1.565bcd0db02dep-8,
    -0x1.c02db3d8ed15ap-11, 0x1.f9a321a11c54ep-14, -0x1.f4d1df3931e29p-17, 0x1.b9def19cd0495p-20,
    -0x1.5f1d36b9b9a1cp-23, 0x1.f7a411dd4bc18p-27, -0x1.386abfea0d8f7p-30, 0x1.0579a8b51d3bbp-34};

/// P(t) in 1 - erf x = exp(-x^2) P(t), t = (x - 2.5)/(x + 2.5), x in [1, 6].
/// Relative error 2.1e-18, degree 12.
inline constexpr double complementDouble[] = {
    0x1.afbb3f3b7343fp-3, -0x1.7ca88dec217e8p-2, 0x1.01c11a735ba4bp-2, -0x1.00115437306a0p-3, 0x1.470ba1f9825bcp-5,
    -0x1.05bb2d7218667p-8, -0x1.5a56fa86586cep-9, 0x1.cb3b0cdd0fc5bp-11, 0x1.deb33d6262158p-13,
    -0x1.0f9801def47c8p-13, -0x1.2c2d1c18a104ep-15, 0x1.18743cb052fd8p-16, 0x1.f804b2bcf09a0p-18};

} // namespace ravine::vector_math::coefficients
