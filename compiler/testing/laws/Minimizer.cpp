// Grids, random starts and compass search.
#include "compiler/testing/laws/Minimizer.h"

#include <algorithm>
#include <cmath>

namespace ravine::testing {

namespace {

class Search {
public:
  Search(const std::function<double(const Vector &)> &cost, const Vector &given, const Vector &anchor)
      : cost(cost), anchor(anchor), best{given, cost(given)} {
    for (size_t i = 0; i < given.size(); ++i)
      reach = std::max({reach, std::abs(given[i]), std::abs(anchor[i])});
    if (reach == 0)
      reach = 1;
  }

  Candidate run() {
    const Vector given = best.point;
    Candidate start = best;
    auto offer = [&](const Vector &point) {
      Candidate candidate{point, cost(point)};
      if (candidate.cost < start.cost)
        start = candidate;
    };
    offer(anchor);
    offer(Vector(given.size(), 0.0));
    for (size_t axis = 0; axis < given.size(); ++axis)
      offerAlong(axis, given, offer);
    for (int i = 0; i < 24; ++i)
      offer(somewhere());
    best = start;
    descend(reach / 4);
    // From zero and from the anchor as well: costs may have several valleys.
    for (const Vector &from : {Vector(given.size(), 0.0), anchor}) {
      Search other(cost, from, anchor);
      other.descend(reach / 4);
      if (other.best.cost < best.cost)
        best = other.best;
    }
    return best;
  }

private:
  template <typename Offer> void offerAlong(size_t axis, const Vector &given, Offer offer) {
    constexpr int points = 12;
    Vector point = given;
    for (int i = -points; i <= points; ++i) {
      point[axis] = 1.5 * reach * i / points;
      offer(point);
    }
    for (double offset : {1e-2, 1e-4, 1e-6})
      for (double sign : {-1.0, 1.0}) {
        point[axis] = given[axis] + sign * offset * reach;
        offer(point);
      }
  }

  Vector somewhere() {
    Vector point = anchor;
    for (double &number : point)
      number += reach * (2 * static_cast<double>(random() >> 11) * 0x1p-53 - 1);
    return point;
  }

  void descend(double step) {
    const double least = 1e-9 * reach;
    for (int budget = 60 * static_cast<int>(best.point.size()); step > least && budget > 0; --budget) {
      bool hasMoved = false;
      for (size_t axis = 0; axis < best.point.size(); ++axis)
        for (double sign : {-1.0, 1.0}) {
          Vector point = best.point;
          point[axis] += sign * step;
          if (double there = cost(point); there < best.cost) {
            best = {std::move(point), there};
            hasMoved = true;
            break;
          }
        }
      if (!hasMoved)
        step /= 2;
    }
  }

  const std::function<double(const Vector &)> &cost;
  const Vector &anchor;
  Candidate best;
  double reach = 0;
  std::mt19937_64 random;
};

} // namespace

Candidate findBetter(const std::function<double(const Vector &)> &cost, const Vector &given, const Vector &anchor) {
  return Search(cost, given, anchor).run();
}

} // namespace ravine::testing
