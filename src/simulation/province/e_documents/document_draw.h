#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "simulation/internal/dice.h"
#include "simulation/province/e_documents/document.h"
#include "simulation/province/e_documents/office_year.h"
#include "simulation/province/e_documents/story_cycle.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation::internal {

/// Invents the documents of a day, and what becomes of them, from seed and day alone. Immutable.
class DocumentDraw {
 public:
  explicit DocumentDraw(const Province& province);

  const OfficeYear& year() const { return year_; }
  StoryCycle CycleOf(std::chrono::local_days day) const;
  /// Those dated on the day, and the replies to them, whenever these are sent.
  std::vector<ExchangedDocument> DocumentsOf(std::chrono::local_days day) const;

 private:
  using Day = std::chrono::local_days;

  std::int64_t CountOn(Day day) const;
  Envelope DrawEnvelope(Day day, std::int64_t number, Dice& dice) const;
  void Address(Envelope& envelope, Dice& dice) const;
  void AddDepartments(Envelope& envelope, std::int64_t count, Dice& dice) const;
  void AddCommunes(Envelope& envelope, std::int64_t count, Dice& dice) const;
  void Number(Envelope& envelope, Day day, std::int64_t number) const;

  Handling DrawHandling(const Envelope& envelope, const std::string& recipient, Dice& dice) const;
  base::Timestamp PickEnd(const Envelope& envelope, base::Timestamp arrived,
                          base::Timestamp working, Dice& dice) const;
  bool LiesWith(const std::string& recipient, base::Timestamp arrived,
                base::Timestamp& until) const;

  void AddOrdinary(Day day, std::int64_t number, std::vector<ExchangedDocument>& documents) const;
  void AddOverdueInstruction(const StoryCycle& cycle,
                             std::vector<ExchangedDocument>& documents) const;
  void AddRecalled(const StoryCycle& cycle, std::vector<ExchangedDocument>& documents) const;
  void Revoke(ExchangedDocument& document, base::Timestamp at, bool is_agreed, Dice& dice) const;
  void AddReply(const Envelope& asked, Handling& handling, Dice& dice,
                std::vector<ExchangedDocument>& documents) const;

  const Places places_;
  const std::uint64_t seed_;
  const OfficeYear year_;
  std::vector<double> commune_weights_;
};

}  // namespace fansipan::simulation::internal
