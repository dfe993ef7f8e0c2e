// The page of `ravine explain --html`.
#include "compiler/explanation/Explanation.h"

#include "compiler/documentation/Markup.h"
#include "compiler/explanation/PageParts.h"
#include "compiler/explanation/SourceColours.h"

#include <charconv>

namespace ravine::explanation {

using documentation::escapeMarkup;

namespace {

std::string shown(double value) {
  char digits[32];
  auto [end, problem] = std::to_chars(std::begin(digits), std::end(digits), value);
  return {digits, end};
}

class Writer {
public:
  Writer(const Explanation &explanation, const SourceManager &sources) : explanation(explanation), sources(sources) {}

  std::string write() {
    text = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>" +
           escapeMarkup(explanation.title) + "</title>\n<style>" + std::string(pageStyle) +
           "</style>\n</head>\n<body>\n";
    text += "<h1>" + escapeMarkup(explanation.title) + "</h1>\n";
    text +=
        "<p>Point at a line, or click it: what comes from the same line of the source lights up. The numbers beside "
        "operations and instructions are lines of the source. Those without one belong to no single line of it: the "
        "compiler made them from several, from what the file imports, or for the loop itself; loads and stores count "
        "as the line on which the optimizer begins.</p>\n";
    for (const File &file : explanation.files)
      write(file);
    text += "<script>" + std::string(pageScript) + "</script>\n</body>\n</html>\n";
    return std::move(text);
  }

private:
  void write(const File &file) {
    number = file.file;
    text += "<h2>" + escapeMarkup(sources.name(file.file)) + "</h2>\n<div class=\"columns\">\n";
    text += "<section class=\"column\">\n<h3>Source</h3>\n";
    writeSource();
    text += "</section>\n<section class=\"column\">\n<h3>Sweeps</h3>\n";
    for (const Optimizer &optimizer : file.optimizers)
      writeSweeps(optimizer);
    text += "</section>\n<section class=\"column\">\n<h3>Assembly for " + escapeMarkup(explanation.target) + "</h3>\n";
    for (const Optimizer &optimizer : file.optimizers)
      writeAssembly(optimizer);
    text += "</section>\n</div>\n";
  }

  [[nodiscard]] std::string lineName(unsigned line) const {
    return "f" + std::to_string(number) + "-" + std::to_string(line);
  }

  void writeSource() {
    text += "<div class=\"code\">";
    unsigned line = 0;
    for (const std::string &content : colouredLines(sources, number)) {
      std::string name = lineName(++line);
      text += "<span class=\"row\" id=\"" + name + "\" data-line=\"" + name + "\"><span class=\"at\">" +
              std::to_string(line) + "</span>" + content + "</span>";
    }
    text += "</div>\n";
  }

  /// A line of code that comes from a line of the source, or from none.
  void writeRow(std::string_view content, unsigned line) {
    if (line == 0) {
      text += "<span class=\"row\"><span class=\"at\"></span>" + escapeMarkup(content) + "</span>";
      return;
    }
    std::string name = lineName(line);
    text += "<span class=\"row\" data-line=\"" + name + "\"><a class=\"at\" href=\"#" + name + "\">" +
            std::to_string(line) + "</a>" + escapeMarkup(content) + "</span>";
  }

  void writeSweeps(const Optimizer &optimizer) {
    for (const Variant &variant : optimizer.variants) {
      text += "<h3>" + escapeMarkup(optimizer.name);
      if (!variant.condition.empty())
        text += " " + escapeMarkup(variant.condition);
      text += "</h3>\n";
      for (const std::string &sentence : variant.summary)
        text += "<p>" + escapeMarkup(sentence) + "</p>\n";
      for (const Sweep &sweep : variant.sweeps)
        write(sweep);
    }
  }

  void write(const Sweep &sweep) {
    text += "<h4>" + escapeMarkup(sweep.name);
    if (sweep.passes.size() == 1)
      text += " <small>" + escapeMarkup(sweep.passes.front().symbol) + "</small>";
    text += "</h4>\n";
    for (const std::string &remark : sweep.remarks)
      text += "<p>" + escapeMarkup(remark) + "</p>\n";
    text += "<table><thead><tr><th>bytes per parameter</th><th>read</th><th>written</th></tr></thead>\n<tbody>";
    for (const Buffer &buffer : sweep.buffers)
      writeTraffic(buffer);
    text += "</tbody>\n<tfoot>";
    writeTraffic({"total", sweep.read, sweep.written});
    text += "</tfoot></table>\n";
    for (const Pass &pass : sweep.passes) {
      if (sweep.passes.size() > 1)
        text += "<h4>pass <small>" + escapeMarkup(pass.symbol) + "</small></h4>\n";
      writeOperations("Once before the " + std::string(sweep.passes.size() > 1 ? "pass" : "sweep"), pass.scalars);
      writeOperations("For every " + escapeMarkup(pass.member), pass.members);
    }
  }

  void writeTraffic(const Buffer &buffer) {
    text += "<tr><td>" + escapeMarkup(buffer.name) + "</td><td>" + shown(buffer.read) + "</td><td>" +
            shown(buffer.written) + "</td></tr>";
  }

  void writeOperations(std::string_view title, const std::vector<Operation> &operations) {
    if (operations.empty())
      return;
    text += "<h4>" + std::string(title) + "</h4>\n<div class=\"code\">";
    for (const Operation &operation : operations)
      writeRow(operation.text, operation.line);
    text += "</div>\n";
  }

  void writeAssembly(const Optimizer &optimizer) {
    for (const AssemblyFunction &function : optimizer.functions) {
      text += "<h4>" + escapeMarkup(function.name) + "</h4>\n<div class=\"code\">";
      for (const Instruction &instruction : function.instructions)
        writeRow((instruction.isLabel ? "" : "  ") + instruction.text, instruction.line);
      text += "</div>\n";
    }
  }

  const Explanation &explanation;
  const SourceManager &sources;
  uint32_t number = 0;
  std::string text;
};

} // namespace

std::string writeHtml(const Explanation &explanation, const SourceManager &sources) {
  return Writer(explanation, sources).write();
}

} // namespace ravine::explanation
