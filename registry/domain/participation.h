// A participation (入选/参与/享受): a subject in a programme's round, whatever the programme is:
// selected, enrolled, seconded, honoured, entitled, reviewed or piloting.
#pragma once

#include "registry/domain/document.h"

namespace chucai {

struct Participation : Record {
  std::string program;       ///< code
  std::string round;         ///< round label; empty: none
  std::string subject_type;  ///< scheme subject_type: person, organization, project, region
  std::string subject;       ///< opaque id of the subject; for a region its code
  std::string status;        ///< scheme participation_status
  Date selected_on;
  std::string host;  ///< receiving unit (接收单位)
  std::string region;
  std::string tier;
  Date start;
  Date end;
  Date exit_on;
  std::string exit_reason;  ///< scheme exit_reason
  std::string note;
  DocumentId evidence;  ///< the document that its last decision rests on

  bool operator==(const Participation&) const = default;
};

template <>
const RecordType& type_of<Participation>();

}  // namespace chucai
