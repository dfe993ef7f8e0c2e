// Providing values as a minimum cut (Ford and Fulkerson 1956; the network is that of project selection, Picard 1976).
//
// Each value is an arc in → out that costs its load. `in` lies on the sink's side where the value is computed, which
// cuts an arc from the source that costs its work; `out` lies there where the value is needed. Arcs of unlimited
// capacity out(operand) → in(value) say that what a computed value is computed from is needed, and out(wanted) → sink
// that what is wanted is needed. A minimum cut then separates the source from the sink at the least price of loads and
// work.
#include "compiler/formation/MinimumCut.h"

#include <algorithm>
#include <deque>

using namespace ravine::formation;

namespace {

/// A flow network, solved by shortest augmenting paths (Edmonds and Karp 1972). There are few distinct paths: one for
/// each way to memory.
class Network {
public:
  explicit Network(size_t vertexCount) : firstArc(vertexCount, None) {}

  void connect(unsigned from, unsigned to, int64_t capacity) {
    append(from, to, capacity);
    append(to, from, 0);
  }

  /// Returns the value of a maximum flow, or anything of at least `limit` as soon as it is reached.
  int64_t maximumFlow(unsigned source, unsigned sink, int64_t limit) {
    int64_t total = 0;
    while (total < limit && reach(source, sink)) {
      int64_t bottleneck = limit;
      for (unsigned at = sink; at != source; at = arcs[arrival[at] ^ 1].to)
        bottleneck = std::min(bottleneck, arcs[arrival[at]].capacity);
      for (unsigned at = sink; at != source; at = arcs[arrival[at] ^ 1].to) {
        arcs[arrival[at]].capacity -= bottleneck;
        arcs[arrival[at] ^ 1].capacity += bottleneck;
      }
      total += bottleneck;
    }
    return total;
  }

  /// After maximumFlow: whether a vertex is on the source's side of the cut.
  [[nodiscard]] bool isOnSourceSide(unsigned vertex) const { return arrival[vertex] != None; }

private:
  static constexpr unsigned None = ~0u;
  static constexpr unsigned Start = None - 1;

  struct Arc {
    unsigned to;
    unsigned next;
    int64_t capacity;
  };

  void append(unsigned from, unsigned to, int64_t capacity) {
    arcs.push_back({to, firstArc[from], capacity});
    firstArc[from] = static_cast<unsigned>(arcs.size() - 1);
  }

  /// Breadth first along arcs that have capacity left.
  bool reach(unsigned source, unsigned sink) {
    arrival.assign(firstArc.size(), None);
    arrival[source] = Start;
    std::deque<unsigned> front = {source};
    while (!front.empty()) {
      unsigned at = front.front();
      front.pop_front();
      for (unsigned arc = firstArc[at]; arc != None; arc = arcs[arc].next) {
        unsigned to = arcs[arc].to;
        if (arcs[arc].capacity <= 0 || arrival[to] != None)
          continue;
        arrival[to] = arc;
        if (to == sink)
          return true;
        front.push_back(to);
      }
    }
    return false;
  }

  std::vector<Arc> arcs;
  std::vector<unsigned> firstArc;
  /// The arc by which the last search came to a vertex.
  std::vector<unsigned> arrival;
};

} // namespace

Provision::Solution Provision::solve(llvm::ArrayRef<unsigned> wanted) const {
  // Only what the wanted values are made from takes part.
  std::vector<bool> isRelevant(values.size());
  for (unsigned value : wanted)
    isRelevant[value] = true;
  for (size_t value = values.size(); value-- > 0;)
    if (isRelevant[value])
      for (unsigned operand : values[value].operands)
        isRelevant[operand] = true;

  auto in = [](size_t value) { return static_cast<unsigned>(2 * value); };
  auto out = [](size_t value) { return static_cast<unsigned>(2 * value + 1); };
  unsigned source = in(values.size()), sink = out(values.size());
  // Above every sum of prices, so that a cut through it is never the least.
  constexpr int64_t Unlimited = Impossible * 1024;
  Network network(sink + 1);
  for (size_t value = 0; value < values.size(); ++value) {
    if (!isRelevant[value])
      continue;
    network.connect(source, in(value), values[value].workPrice);
    network.connect(in(value), out(value), values[value].loadPrice);
    for (unsigned operand : values[value].operands)
      network.connect(out(operand), in(value), Unlimited);
  }
  for (unsigned value : wanted)
    network.connect(out(value), sink, Unlimited);

  Solution solution;
  solution.price = network.maximumFlow(source, sink, Impossible);
  if (solution.price >= Impossible)
    return solution;
  for (unsigned value = 0; value < values.size(); ++value)
    if (isRelevant[value] && network.isOnSourceSide(in(value)) && !network.isOnSourceSide(out(value)))
      solution.loads.push_back(value);
  return solution;
}
