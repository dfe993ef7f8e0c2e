// Each law as a comparison of numbers.
#include "compiler/testing/laws/LawChecks.h"

#include "compiler/testing/laws/Minimizer.h"

#include <algorithm>
#include <cmath>

namespace ravine::testing {

using ast::LawKind;

namespace {

/// How far apart, relatively, numbers count as equal: rounding in f64, and what conditioning makes of it.
constexpr double tolerance = 1e-9;
/// Less than this is what underflow leaves.
constexpr double underflow = 1e-290;

double squaredDistance(const Vector &a, const Vector &b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

double distance(const Vector &a, const Vector &b) {
  return std::sqrt(squaredDistance(a, b));
}

double norm(const Vector &a) {
  return distance(a, Vector(a.size(), 0.0));
}

bool isFinite(const Vector &a) {
  return std::ranges::all_of(a, [](double number) { return std::isfinite(number); });
}

/// (1 − t)·a + t·b
Vector between(const Vector &a, const Vector &b, double t) {
  Vector point(a.size());
  for (size_t i = 0; i < a.size(); ++i)
    point[i] = (1 - t) * a[i] + t * b[i];
  return point;
}

class Trial {
public:
  Trial(const LawTrial &law, const LawInput &input) : law(law), penalty(law.penalty), input(input) {}

  std::optional<Violation> run() {
    if (!penalty.configure(input.hypers) || (law.other && !law.other->configure(input.hypers)))
      return std::nullopt;
    switch (law.kind) {
    case LawKind::Convex:
      return law.hasValue ? convexValue() : monotoneProx();
    case LawKind::Separable:
      return separable();
    case LawKind::Nonexpansive:
      return nonexpansive();
    case LawKind::Minimizes:
      return minimizes();
    case LawKind::Idempotent:
      return idempotent();
    case LawKind::Projection:
      return projection();
    case LawKind::Conjugate:
      return conjugate();
    case LawKind::Quadratic:
      return quadratic();
    case LawKind::Gradient:
      return gradient();
    case LawKind::AgreesWith:
      return agrees();
    }
    return std::nullopt;
  }

private:
  [[nodiscard]] Vector proxAt(const Vector &x) { return penalty.prox(x, input.tau); }

  /// A proximal operator of finite numbers is finite, whatever its other laws.
  [[nodiscard]] std::optional<Violation> finite(const Vector &x, const Vector &prox) const {
    if (isFinite(prox))
      return std::nullopt;
    return Violation{"prox of a finite point is not finite", {{"x", x}, {"prox(x)", prox}}};
  }

  std::optional<Violation> convexValue() {
    const double atX = penalty.value(input.x), atY = penalty.value(input.y);
    if (!std::isfinite(atX) || !std::isfinite(atY))
      return std::nullopt;
    for (double t : {0.5, 0.25, 0.9}) {
      const Vector point = between(input.x, input.y, t);
      const double there = penalty.value(point), chord = (1 - t) * atX + t * atY;
      if (there > chord + tolerance * (std::abs(there) + std::abs(atX) + std::abs(atY)) + underflow)
        return Violation{
            "the value between two points lies above the straight line between their values",
            {{"x", input.x}, {"y", input.y}, {"t", {t}}, {"value there", {there}}, {"on the line", {chord}}}};
    }
    return law.hasProx ? monotoneProx() : std::nullopt;
  }

  /// The proximal operator of a convex function is monotone: (px − py)·(x − y) ≥ ‖px − py‖² ≥ 0.
  std::optional<Violation> monotoneProx() {
    const Vector px = proxAt(input.x), py = proxAt(input.y);
    double product = 0;
    for (size_t i = 0; i < px.size(); ++i)
      product += (px[i] - py[i]) * (input.x[i] - input.y[i]);
    const double slack = tolerance * (squaredDistance(input.x, input.y) + squaredDistance(px, py)) +
                         1e-14 * std::pow(norm(input.x) + norm(input.y), 2);
    if (product >= squaredDistance(px, py) - slack)
      return std::nullopt;
    return Violation{"a convex function's prox is firmly nonexpansive, and this one is not",
                     {{"x", input.x}, {"y", input.y}, {"prox(x)", px}, {"prox(y)", py}}};
  }

  std::optional<Violation> separable() {
    if (law.hasProx) {
      const Vector whole = proxAt(input.x);
      if (std::optional<Violation> violation = finite(input.x, whole))
        return violation;
      for (size_t i = 0; i < whole.size(); ++i) {
        const double alone = penalty.prox({input.x[i]}, input.tau).front();
        if (std::abs(whole[i] - alone) > tolerance * std::abs(input.x[i]))
          return Violation{"an element's prox depends on the other elements",
                           {{"x", input.x}, {"prox(x)", whole}, {"of x[" + std::to_string(i) + "] alone", {alone}}}};
      }
    }
    if (!law.hasValue)
      return std::nullopt;
    double sum = 0, sizes = 0;
    for (double number : input.x) {
      const double alone = penalty.value({number});
      sum += alone;
      sizes += std::abs(alone);
    }
    const double whole = penalty.value(input.x);
    if (!std::isfinite(whole) || std::abs(whole - sum) <= tolerance * sizes + underflow)
      return std::nullopt;
    return Violation{"the value is not the sum of those of single elements",
                     {{"x", input.x}, {"value", {whole}}, {"sum", {sum}}}};
  }

  std::optional<Violation> nonexpansive() {
    const Vector px = proxAt(input.x), py = proxAt(input.y);
    const double before = distance(input.x, input.y), after = distance(px, py);
    if (after <= before * (1 + tolerance) + 1e-14 * (norm(input.x) + norm(input.y)))
      return std::nullopt;
    return Violation{"two points move apart",
                     {{"x", input.x},
                      {"y", input.y},
                      {"prox(x)", px},
                      {"prox(y)", py},
                      {"distance before", {before}},
                      {"distance after", {after}}}};
  }

  std::optional<Violation> minimizes() {
    const Vector given = proxAt(input.x);
    if (std::optional<Violation> violation = finite(input.x, given))
      return violation;
    auto cost = [&](const Vector &u) { return penalty.value(u) + squaredDistance(u, input.x) / (2 * input.tau); };
    const double here = cost(given);
    const Candidate better = findBetter(cost, given, input.x);
    // What rounding the point can cost: the slope of the distance there.
    const double rounding = 1e-15 * norm(input.x) * distance(given, input.x) / input.tau;
    if (std::isfinite(here) && better.cost >= here - tolerance * (std::abs(here) + std::abs(better.cost)) - rounding)
      return std::nullopt;
    return Violation{"there is a better point than the prox",
                     {{"x", input.x},
                      {"prox(x)", given},
                      {"P(u) + |u - x|^2/(2 tau) there", {here}},
                      {"a better point", better.point},
                      {"its value", {better.cost}}},
                     better.point};
  }

  std::optional<Violation> idempotent() {
    const Vector once = proxAt(input.x), twice = proxAt(once);
    if (distance(once, twice) <= tolerance * norm(once) + 1e-14 * norm(input.x))
      return std::nullopt;
    return Violation{
        "projecting twice is not projecting once", {{"x", input.x}, {"once", once}, {"twice", twice}}, once, once};
  }

  std::optional<Violation> projection() {
    const Vector projected = proxAt(input.x);
    if (std::optional<Violation> violation = finite(input.x, projected))
      return violation;
    const double scale = std::max(norm(projected), norm(input.x));
    if (!penalty.contains(projected, tolerance * std::max(scale, 1e-300)))
      return Violation{"the projection does not lie in the set", {{"x", input.x}, {"project(x)", projected}}};
    const double given = distance(projected, input.x);
    // Other points of the set: where other points go, and what lies between.
    Vector zero(input.x.size(), 0.0);
    const Vector moved = proxAt(input.y);
    for (const Vector &candidate :
         {input.x, input.y, zero, moved, between(projected, moved, 0.5), between(projected, input.x, 0.5),
          between(projected, input.x, 0.01), between(projected, moved, 0.01)})
      if (isNearer(candidate, given - tolerance * scale))
        return nearerThan(projected, candidate);
    return nearerByMoving(projected, given, scale);
  }

  /// Whether a point lies in the set, and nearer to x than that.
  [[nodiscard]] bool isNearer(const Vector &point, double than) {
    return penalty.contains(point, 0) && distance(point, input.x) < than;
  }

  [[nodiscard]] Violation nearerThan(const Vector &projected, const Vector &nearer) const {
    return {"there is a nearer point in the set",
            {{"x", input.x},
             {"project(x)", projected},
             {"at distance", {distance(projected, input.x)}},
             {"nearer", nearer},
             {"at distance ", {distance(nearer, input.x)}}}};
  }

  /// Tries to come nearer to x from the projection while staying in the set, along each axis and pair of axes.
  std::optional<Violation> nearerByMoving(const Vector &projected, double given, double scale) {
    for (double step : {0.3, 0.01, 1e-4})
      for (size_t i = 0; i < projected.size(); ++i)
        for (size_t j = 0; j < projected.size(); ++j)
          for (double sign : {-1.0, 1.0}) {
            Vector candidate = projected;
            candidate[i] += sign * step * scale;
            if (i != j)
              candidate[j] -= sign * step * scale;
            if (isNearer(candidate, given - 1e-7 * scale))
              return nearerThan(projected, candidate);
          }
    return std::nullopt;
  }

  /// Moreau's identity: prox_{τP}(x) + τ·prox_{P*/τ}(x/τ) = x.
  std::optional<Violation> conjugate() {
    Vector scaled = input.x;
    for (double &number : scaled)
      number /= input.tau;
    const Vector prox = proxAt(input.x), dual = law.other->prox(scaled, 1 / input.tau);
    Vector sum(prox.size());
    for (size_t i = 0; i < sum.size(); ++i)
      sum[i] = prox[i] + input.tau * dual[i];
    if (distance(sum, input.x) <= tolerance * (norm(prox) + input.tau * norm(dual) + norm(input.x)))
      return std::nullopt;
    return Violation{"prox(x, tau) + tau*prox of the conjugate(x/tau, 1/tau) is not x",
                     {{"x", input.x}, {"prox(x)", prox}, {"prox of the conjugate", dual}, {"the sum", sum}}};
  }

  std::optional<Violation> quadratic() {
    const std::vector<double> arguments = law.arguments(input.hypers);
    const double rho = arguments[0], centre = arguments[1];
    double expected = 0;
    for (double number : input.x)
      expected += rho / 2 * (number - centre) * (number - centre);
    const double given = penalty.value(input.x);
    if (std::abs(given - expected) <= tolerance * std::max(std::abs(given), std::abs(expected)) + underflow)
      return std::nullopt;
    return Violation{"the value is not rho/2*|x - c|^2",
                     {{"x", input.x}, {"value", {given}}, {"expected", {expected}}}};
  }

  std::optional<Violation> gradient() {
    const Vector slope = penalty.gradient(input.x);
    const double scale = std::max(norm(input.x), 1e-3);
    Vector direction = input.y;
    const double length = norm(direction);
    if (length < std::sqrt(underflow))
      return std::nullopt; // it has no direction whose digits are good
    double expected = 0, steepness = 0;
    for (size_t i = 0; i < direction.size(); ++i) {
      direction[i] /= length;
      expected += slope[i] * direction[i];
      steepness += std::abs(slope[i]);
    }
    // The difference quotient of the value, with two steps: where they disagree, the value bends too much to tell.
    auto quotient = [&](double step) {
      Vector ahead = input.x, behind = input.x;
      for (size_t i = 0; i < direction.size(); ++i) {
        ahead[i] += step * direction[i];
        behind[i] -= step * direction[i];
      }
      return (penalty.value(ahead) - penalty.value(behind)) / (2 * step);
    };
    const double coarse = quotient(1e-4 * scale), fine = quotient(1e-5 * scale);
    const double size = std::abs(coarse) + std::abs(fine) + steepness;
    const double rounding = 1e-10 * std::abs(penalty.value(input.x)) / scale + 1e-16 * scale;
    if (std::abs(coarse - fine) > 1e-4 * size || std::abs(fine - expected) <= 1e-3 * size + rounding)
      return std::nullopt;
    return Violation{"the gradient is not the slope of the value",
                     {{"x", input.x},
                      {"gradient", slope},
                      {"along", direction},
                      {"its slope", {expected}},
                      {"that of the value", {fine}}}};
  }

  std::optional<Violation> agrees() {
    const Vector own = proxAt(input.x), theirs = law.other->prox(input.x, input.tau);
    if (distance(own, theirs) <= tolerance * (norm(own) + norm(theirs)))
      return std::nullopt;
    return Violation{
        "the two proximal operators differ", {{"x", input.x}, {"prox(x)", own}, {"the other's", theirs}}, theirs};
  }

  const LawTrial &law;
  PenaltyOracle &penalty;
  const LawInput &input;
};

} // namespace

std::optional<Violation> tryLaw(const LawTrial &trial, const LawInput &input) {
  return Trial(trial, input).run();
}

} // namespace ravine::testing
