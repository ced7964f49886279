// What makes a new file survive a power cut: its bytes and its name have to reach the disk apart.
#pragma once

#include <string>

namespace chucai {

/// Has the names in `folder` on the disk; false when the system refuses.
bool sync_folder(const std::string& folder);

/// Has everything on the disk that was written to the file system of `folder`.
bool sync_file_system(const std::string& folder);

}  // namespace chucai
