#include "api/json/review_codec.h"

#include "api/json/writer.h"

namespace chucai {

std::string reviews_json(const std::vector<OverdueReview>& reviews) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const OverdueReview& review : reviews) {
    const Participation& participation = review.participation;
    json.begin_object()
        .field("participation", id_text(participation.id))
        .field("program", participation.program)
        .field("round", participation.round)
        .field("subject_type", participation.subject_type)
        .field("subject", participation.subject)
        .field("status", participation.status)
        .field("region", participation.region)
        .field("due", to_text(review.due))
        .field("days_over", review.days_over)
        .field("clawback_percent", std::int64_t{review.clawback_percent})
        .end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace chucai
