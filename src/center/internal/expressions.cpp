#include "center/internal/expressions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace fansipan::center {
namespace {

using model::Expression;
using model::Operator;

// What an operand is. kAny: a missing value, or something already reported.
enum class Class { kAny, kText, kNumber, kBoolean, kDate, kTimestamp };

std::string_view NameOf(Class type) {
  switch (type) {
    case Class::kAny:
      return "a missing value";
    case Class::kText:
      return "a text";
    case Class::kNumber:
      return "a number";
    case Class::kBoolean:
      return "true or false";
    case Class::kDate:
      return "a date";
    case Class::kTimestamp:
      return "a timestamp";
  }
  return "";
}

Class ClassOf(model::ColumnType type) {
  switch (type) {
    case model::ColumnType::kText:
      return Class::kText;
    case model::ColumnType::kInteger:
    case model::ColumnType::kDecimal:
      return Class::kNumber;
    case model::ColumnType::kBoolean:
      return Class::kBoolean;
    case model::ColumnType::kDate:
      return Class::kDate;
    case model::ColumnType::kTimestamp:
      return Class::kTimestamp;
  }
  return Class::kAny;
}

Class ClassOf(const model::Value& value) {
  constexpr std::array kClasses = {Class::kAny,     Class::kText, Class::kNumber,   Class::kNumber,
                                   Class::kBoolean, Class::kDate, Class::kTimestamp};
  static_assert(kClasses.size() == std::variant_size_v<model::Value>);
  return kClasses[value.index()];
}

bool IsComparison(Operator operation) {
  return operation >= Operator::kEqual && operation <= Operator::kGreaterOrEqual;
}

bool IsArithmetic(Operator operation) {
  return operation >= Operator::kAdd && operation <= Operator::kNegate;
}

bool IsClockFunction(std::string_view name) {
  constexpr std::array<std::string_view, 8> kClocks = {
      "now",   "current_timestamp", "current_date",  "current_time", "get_current_timestamp",
      "today", "localtime",         "localtimestamp"};
  return std::ranges::find(kClocks, name) != kClocks.end();
}

constexpr std::string_view kClockHint =
    "the clock is not asked in a condition; let a record begin and stop to count with "
    "stock: {from: …, until: …}";

bool IsDeeperThan(const Expression& expression, std::size_t limit) {
  if (limit == 0) return true;
  return std::ranges::any_of(expression.operands, [limit](const Expression& operand) {
    return IsDeeperThan(operand, limit - 1);
  });
}

// Reports a problem at the place of a part of the text.
class Reporter {
 public:
  explicit Reporter(const ExpressionText& text) : text_(text) {}

  void Report(const Expression& part, std::string_view message) const {
    text_.scope.Report(text_.node.PositionOf(std::min(part.offset, text_.node.text.size())),
                       text_.what + ": " + std::string(message));
  }

  void ReportWhole(std::string_view message) const {
    text_.scope.Report(text_.node.at, text_.what + ": " + std::string(message));
  }

 private:
  const ExpressionText& text_;
};

// A comma inside { } ends a YAML text, so that half an expression arrives here.
bool IsCutByComma(const YamlNode& node) {
  return node.in_braces && node.text_shift == 0 &&
         std::ranges::count(node.text, '(') > std::ranges::count(node.text, ')');
}

std::optional<Expression> ParseText(const ExpressionText& text) {
  const Reporter reporter(text);
  if (text.node.kind != YamlNode::Kind::kText || text.node.text.empty()) {
    reporter.ReportWhole("must be an expression such as finished_at <= due_at");
    return std::nullopt;
  }
  if (text.node.text.size() > kMaxExpressionBytes) {
    reporter.ReportWhole("is longer than " + std::to_string(kMaxExpressionBytes) + " bytes");
    return std::nullopt;
  }
  base::Result<Expression> parsed = text.parser.Parse(text.node.text);
  if (!parsed.ok()) {
    std::string message = "'" + text.node.text + "' is not readable: " + parsed.error().message;
    if (IsCutByComma(text.node)) message += " (inside { } quote a text that has a comma)";
    reporter.ReportWhole(message);
    return std::nullopt;
  }
  if (IsDeeperThan(*parsed, kMaxExpressionDepth)) {
    reporter.ReportWhole("is nested deeper than " + std::to_string(kMaxExpressionDepth) +
                         " levels");
    return std::nullopt;
  }
  return *std::move(parsed);
}

// Checks a condition's tree and puts dates and timestamps where texts stand for them. Every part is
// checked once, so that each problem is told once.
class ConditionCheck {
 public:
  ConditionCheck(const ExpressionText& text, const model::Dataset& dataset,
                 const base::TimeZone& zone)
      : reporter_(text), dataset_(dataset), zone_(zone) {}

  Class Check(Expression& part) {
    switch (part.kind) {
      case Expression::Kind::kLiteral:
        return ClassOf(part.literal);
      case Expression::Kind::kName:
        return CheckName(part);
      case Expression::Kind::kCall:
        return CheckCall(part);
      case Expression::Kind::kOperation:
        return CheckOperation(part);
    }
    return Class::kAny;
  }

  void RequireBoolean(Expression& part) {
    const Class type = Check(part);
    if (type == Class::kBoolean || type == Class::kAny) return;
    reporter_.Report(part, "must be true or false, but is " + std::string(NameOf(type)));
  }

 private:
  Class CheckName(const Expression& part) {
    const auto column = dataset_.FindColumn(part.name);
    if (column) return ClassOf(dataset_.columns[*column].type);
    if (IsClockFunction(part.name)) {
      reporter_.Report(part, kClockHint);
      return Class::kAny;
    }
    std::vector<std::string> columns;
    for (const model::Column& known : dataset_.columns) columns.push_back(known.name);
    reporter_.Report(part, "the dataset '" + dataset_.name + "' has no column '" + part.name +
                               "'; " + AllowedText(part.name, columns));
    return Class::kAny;
  }

  Class CheckCall(Expression& part) {
    if (part.name == "lower" && part.operands.size() == 1) {
      const Class type = Check(part.operands[0]);
      if (type != Class::kText && type != Class::kAny) {
        reporter_.Report(part, "lower() takes a text, not " + std::string(NameOf(type)));
      }
      return Class::kText;
    }
    if (part.name == "coalesce" && part.operands.size() >= 2) return CheckAlike(part);
    if (IsClockFunction(part.name)) {
      reporter_.Report(part, kClockHint);
    } else {
      reporter_.Report(part, "the function '" + part.name + "' with " +
                                 std::to_string(part.operands.size()) +
                                 " values is not known here; allowed: coalesce(a, b, …), lower(a)");
    }
    return Class::kAny;
  }

  Class CheckOperation(Expression& part) {
    switch (part.operation) {
      case Operator::kAnd:
      case Operator::kOr:
      case Operator::kNot:
        for (Expression& operand : part.operands) RequireBoolean(operand);
        return Class::kBoolean;
      case Operator::kIsNull:
      case Operator::kIsNotNull:
        for (Expression& operand : part.operands) Check(operand);
        return Class::kBoolean;
      case Operator::kIn:
      case Operator::kNotIn:
        CheckList(part);
        return Class::kBoolean;
      default:
        break;
    }
    return IsComparison(part.operation) ? CheckComparison(part) : CheckArithmetic(part);
  }

  Class CheckArithmetic(Expression& part) {
    for (Expression& operand : part.operands) {
      const Class type = Check(operand);
      if (type == Class::kNumber || type == Class::kAny) continue;
      reporter_.Report(operand, "+ - * / take numbers, not " + std::string(NameOf(type)));
    }
    return Class::kNumber;
  }

  void CheckList(Expression& part) {
    for (std::size_t index = 1; index < part.operands.size(); ++index) {
      if (part.operands[index].kind == Expression::Kind::kLiteral) continue;
      reporter_.Report(part.operands[index], "the list of 'in' takes literals only");
    }
    CheckAlike(part);
    CheckAllowedValues(part);
  }

  Class CheckComparison(Expression& part) {
    const Class type = CheckAlike(part);
    const bool only_equal =
        part.operation == Operator::kEqual || part.operation == Operator::kNotEqual;
    if (type == Class::kBoolean && !only_equal) {
      reporter_.Report(part, "true and false have no order; allowed: = and <>");
    }
    for (const Expression& operand : part.operands) {
      if (operand.kind == Expression::Kind::kLiteral && model::IsMissing(operand.literal)) {
        reporter_.Report(operand, "nothing equals null; write 'is null' or 'is not null'");
      }
    }
    if (only_equal) CheckAllowedValues(part);
    return Class::kBoolean;
  }

  // All operands must be of one class; texts and days become dates and timestamps where the others
  // are such.
  Class CheckAlike(Expression& part) {
    std::vector<Class> types;
    for (Expression& operand : part.operands) types.push_back(Check(operand));
    Class wanted = Class::kAny;
    for (std::size_t index = 0; index < types.size(); ++index) {
      const bool literal = part.operands[index].kind == Expression::Kind::kLiteral;
      if (types[index] != Class::kAny && (wanted == Class::kAny || !literal)) {
        wanted = types[index];
        if (!literal) break;
      }
    }
    for (std::size_t index = 0; index < types.size(); ++index) {
      if (types[index] == Class::kAny || types[index] == wanted) continue;
      if (Convert(part.operands[index], types[index], wanted)) continue;
      reporter_.Report(part.operands[index], MismatchOf(types[index], wanted));
    }
    return wanted;
  }

  static std::string MismatchOf(Class type, Class wanted) {
    return "is " + std::string(NameOf(type)) + ", but what it is compared with is " +
           std::string(NameOf(wanted)) + "; both must be of one type";
  }

  // Gives a literal the wanted class; false when it cannot have it.
  bool Convert(Expression& part, Class type, Class wanted) const {
    if (part.kind != Expression::Kind::kLiteral) return false;
    if (wanted != Class::kDate && wanted != Class::kTimestamp) return false;
    if (type == Class::kDate && wanted == Class::kTimestamp) {
      part.literal = MidnightOf(std::get<model::Date>(part.literal));
      return true;
    }
    if (type != Class::kText) return false;
    const std::string text = std::get<std::string>(part.literal);
    if (wanted == Class::kTimestamp) {
      const auto moment = model::ParseValue(text, model::ColumnType::kTimestamp, 0, zone_);
      if (moment.ok() && !model::IsMissing(*moment)) {
        part.literal = *moment;
        return true;
      }
    }
    const auto day = model::ParseValue(text, model::ColumnType::kDate, 0, zone_);
    if (!day.ok() || model::IsMissing(*day)) return false;
    part.literal =
        wanted == Class::kDate ? *day : model::Value(MidnightOf(std::get<model::Date>(*day)));
    return true;
  }

  base::Timestamp MidnightOf(model::Date day) const {
    return zone_.ToUtc(base::LocalTime(day.time_since_epoch()));
  }

  // A text that is compared with a column of declared values must be one of them.
  void CheckAllowedValues(const Expression& part) const {
    const model::Column* column = nullptr;
    for (const Expression& operand : part.operands) {
      const auto index = operand.kind == Expression::Kind::kName ? dataset_.FindColumn(operand.name)
                                                                 : std::nullopt;
      if (index) column = &dataset_.columns[*index];
    }
    if (column == nullptr || column->one_of.empty()) return;
    for (const Expression& operand : part.operands) {
      if (operand.kind != Expression::Kind::kLiteral) continue;
      const auto* text = std::get_if<std::string>(&operand.literal);
      if (text == nullptr || std::ranges::find(column->one_of, *text) != column->one_of.end()) {
        continue;
      }
      reporter_.Report(operand, "the column '" + column->name + "' is never '" + *text + "'; " +
                                    AllowedText(*text, column->one_of));
    }
  }

  Reporter reporter_;
  const model::Dataset& dataset_;
  const base::TimeZone& zone_;
};

class FormulaCheck {
 public:
  FormulaCheck(const ExpressionText& text, const FormulaNames& names)
      : reporter_(text), names_(names) {}

  void Check(const Expression& part) {
    switch (part.kind) {
      case Expression::Kind::kLiteral:
        if (ClassOf(part.literal) != Class::kNumber) {
          reporter_.Report(part, "a formula has numbers only, not " +
                                     std::string(NameOf(ClassOf(part.literal))));
        }
        return;
      case Expression::Kind::kName:
        CheckName(part);
        return;
      case Expression::Kind::kCall:
        CheckCall(part);
        return;
      case Expression::Kind::kOperation:
        break;
    }
    if (!IsArithmetic(part.operation)) {
      reporter_.Report(part,
                       "allowed in a formula: + - * / and parentheses; conditions belong to "
                       "measures");
      return;
    }
    for (const Expression& operand : part.operands) Check(operand);
  }

 private:
  FormulaName CheckName(const Expression& part) {
    const FormulaName found = names_.find(part.name);
    if (found == FormulaName::kUnknown) {
      reporter_.Report(part, "there is no measure or indicator '" + part.name + "'; " +
                                 AllowedText(part.name, names_.all));
    }
    return found;
  }

  void CheckCall(const Expression& part) {
    constexpr std::array<std::string_view, 3> kPeriodFunctions = {
        "previous", "same_period_last_year", "cumulative"};
    const bool of_period = std::ranges::find(kPeriodFunctions, part.name) != kPeriodFunctions.end();
    if ((of_period || part.name == "target") && part.operands.size() != 1) {
      reporter_.Report(part, part.name + "() takes one value");
    } else if (of_period) {
      Check(part.operands[0]);
    } else if (part.name == "target") {
      CheckTarget(part.operands[0]);
    } else {
      reporter_.Report(part, "the function '" + part.name +
                                 "' is not known in a formula; allowed: previous(x), "
                                 "same_period_last_year(x), cumulative(x), target(indicator)");
    }
  }

  void CheckTarget(const Expression& part) {
    if (part.kind != Expression::Kind::kName) {
      reporter_.Report(part, "target() takes the name of an indicator");
    } else if (CheckName(part) == FormulaName::kMeasure) {
      reporter_.Report(part, "'" + part.name + "' is a measure; only indicators have targets");
    }
  }

  Reporter reporter_;
  const FormulaNames& names_;
};

void CollectValues(const Expression& part, std::vector<std::string>& names) {
  if (part.kind == Expression::Kind::kCall && part.name == "target") return;
  if (part.kind == Expression::Kind::kName && std::ranges::find(names, part.name) == names.end()) {
    names.push_back(part.name);
  }
  for (const Expression& operand : part.operands) CollectValues(operand, names);
}

}  // namespace

std::optional<Expression> ReadCondition(const ExpressionText& text, const model::Dataset& dataset,
                                        const base::TimeZone& zone) {
  std::optional<Expression> condition = ParseText(text);
  if (!condition) return std::nullopt;
  const std::size_t before = text.scope.problems->count();
  ConditionCheck(text, dataset, zone).RequireBoolean(*condition);
  if (text.scope.problems->count() != before) return std::nullopt;
  return condition;
}

std::optional<Expression> ReadFormula(const ExpressionText& text, const FormulaNames& names) {
  std::optional<Expression> formula = ParseText(text);
  if (!formula) return std::nullopt;
  const std::size_t before = text.scope.problems->count();
  FormulaCheck(text, names).Check(*formula);
  if (ValuesIn(*formula).empty()) {
    Reporter(text).ReportWhole("uses no measure or indicator; " + AllowedText("", names.all));
  }
  if (text.scope.problems->count() != before) return std::nullopt;
  return formula;
}

std::vector<std::string> ValuesIn(const Expression& formula) {
  std::vector<std::string> names;
  CollectValues(formula, names);
  return names;
}

}  // namespace fansipan::center
