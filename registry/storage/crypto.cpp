#include "registry/storage/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "registry/storage/durable_file.h"

namespace chucai {

namespace {

constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;
constexpr std::size_t kDigest = 32;
constexpr std::size_t kKeyDigits = 64;
constexpr std::string_view kBaseLabel = "base ";
constexpr std::string_view kPreviousLabel = "previous ";

/// OpenSSL fails only when the machine does (no memory, no entropy).
void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL failed");
}

const unsigned char* in(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* out(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
int length(std::string_view text) {
  return static_cast<int>(text.size());
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

Cipher make_cipher() {
  Cipher cipher(EVP_CIPHER_CTX_new());
  require(cipher != nullptr);
  return cipher;
}

/// A file descriptor, closed at the end of its scope.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Writes all of `text` to a new file of mode 0600 and has it on disk when it returns true.
bool write_synced(const std::string& path, std::string_view text) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  return file &&
         ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
         ::fsync(file.get()) == 0;
}

tl::unexpected<Error> cannot_write(const std::string& path, int why) {
  return fail(ErrorCode::Unavailable, "key.write", {}, {path}, std::strerror(why));
}

}  // namespace

SecretKey::SecretKey(std::string_view bytes32) {
  if (bytes32.size() != data_.size()) throw std::invalid_argument("a key has 32 bytes");
  std::memcpy(data_.data(), bytes32.data(), data_.size());
}

SecretKey::~SecretKey() {
  OPENSSL_cleanse(data_.data(), data_.size());
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  require(RAND_bytes(out(bytes), length(bytes)) == 1);
  return bytes;
}

std::string sha256(std::string_view data) {
  std::string digest(kDigest, '\0');
  require(EVP_Digest(data.data(), data.size(), out(digest), nullptr, EVP_sha256(), nullptr) == 1);
  return digest;
}

std::string hmac_sha256(const SecretKey& key, std::string_view data) {
  std::string mac(kDigest, '\0');
  require(HMAC(EVP_sha256(), key.bytes().data(), length(key.bytes()), in(data), data.size(),
               out(mac), nullptr) != nullptr);
  return mac;
}

struct Mac::State {
  EVP_MAC* algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* context = EVP_MAC_CTX_new(algorithm);
  ~State() {
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(algorithm);
  }
};

Mac::Mac(const SecretKey& key) : state_(std::make_unique<State>()) {
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0),
                                   OSSL_PARAM_construct_end()};
  require(state_->context != nullptr);
  require(EVP_MAC_init(state_->context, in(key.bytes()), key.bytes().size(), parameters) == 1);
}

Mac::~Mac() = default;

std::string_view Mac::of(std::string_view data) {
  std::size_t written = 0;
  require(EVP_MAC_init(state_->context, nullptr, 0, nullptr) == 1);
  require(EVP_MAC_update(state_->context, in(data), data.size()) == 1);
  require(EVP_MAC_final(state_->context, reinterpret_cast<unsigned char*>(code_.data()), &written,
                        code_.size()) == 1);
  return {code_.data(), written};
}

SecretKey derive_key(const SecretKey& master, std::string_view purpose) {
  // RFC 5869 with a salt of zeros; one block of output is all that is needed.
  std::string extracted = hmac_sha256(SecretKey(), master.bytes());
  const SecretKey extract(extracted);
  std::string block = hmac_sha256(extract, "chucai/1/" + std::string(purpose) + '\x01');
  SecretKey key(block);
  OPENSSL_cleanse(extracted.data(), extracted.size());
  OPENSSL_cleanse(block.data(), block.size());
  return key;
}

std::string seal(const SecretKey& key, std::string_view plain, std::string_view bound_to) {
  std::string sealed = random_bytes(kNonce);
  sealed.resize(kNonce + plain.size() + kTag);
  unsigned char* const nonce = out(sealed);
  unsigned char* const body = nonce + kNonce;
  const Cipher cipher = make_cipher();
  int written = 0;
  require(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key.bytes()), nonce) ==
          1);
  require(EVP_EncryptUpdate(cipher.get(), nullptr, &written, in(bound_to), length(bound_to)) == 1);
  require(EVP_EncryptUpdate(cipher.get(), body, &written, in(plain), length(plain)) == 1);
  require(EVP_EncryptFinal_ex(cipher.get(), body + plain.size(), &written) == 1);
  require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, body + plain.size()) == 1);
  return sealed;
}

Result<std::string> open_sealed(const SecretKey& key, std::string_view sealed,
                                std::string_view bound_to) {
  if (sealed.size() < kNonce + kTag) return fail(ErrorCode::Internal, "crypto.open");
  const std::string_view body = sealed.substr(kNonce, sealed.size() - kNonce - kTag);
  std::string tag(sealed.substr(sealed.size() - kTag));
  std::string plain(body.size(), '\0');
  const Cipher cipher = make_cipher();
  int written = 0;
  require(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key.bytes()),
                             in(sealed)) == 1);
  require(EVP_DecryptUpdate(cipher.get(), nullptr, &written, in(bound_to), length(bound_to)) == 1);
  require(EVP_DecryptUpdate(cipher.get(), out(plain), &written, in(body), length(body)) == 1);
  require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(cipher.get(), out(plain) + plain.size(), &written) != 1) {
    OPENSSL_cleanse(plain.data(), plain.size());
    return fail(ErrorCode::Internal, "crypto.open");
  }
  return plain;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    hex += kDigits[static_cast<unsigned char>(byte) >> 4];
    hex += kDigits[byte & 0xf];
  }
  return hex;
}

std::string from_hex(std::string_view hex) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  if (hex.size() % 2 != 0) return {};
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

namespace {

/// The key of a line "LABEL HEX"; nullopt when it is none.
std::optional<SecretKey> key_of_line(std::string_view line, std::string_view label) {
  if (!line.starts_with(label) || line.size() != label.size() + kKeyDigits) return std::nullopt;
  std::string bytes = from_hex(line.substr(label.size()));
  if (bytes.size() != SecretKey::kSize) return std::nullopt;
  SecretKey key(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return key;
}

std::optional<MasterKeys> parse_keys(std::string_view text) {
  std::array<std::string_view, 3> lines;
  std::size_t count = 0;
  if (text.ends_with('\n')) text.remove_suffix(1);
  while (count < lines.size()) {
    const std::size_t end = text.find('\n');
    lines[count++] = text.substr(0, end);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    if (count == lines.size()) return std::nullopt;  // a line too many
  }
  const auto current = key_of_line(lines[0], "");
  if (!current) return std::nullopt;
  MasterKeys keys{*current, *current, std::nullopt};
  if (count == 1) return keys;
  const auto base = key_of_line(lines[1], kBaseLabel);
  if (!base) return std::nullopt;
  keys.base = *base;
  if (count == 2) return keys;
  keys.previous = key_of_line(lines[2], kPreviousLabel);
  if (!keys.previous) return std::nullopt;
  return keys;
}

std::string text_of(const MasterKeys& keys) {
  std::string text = to_hex(keys.current.bytes()) + "\n";
  if (keys.base.bytes() == keys.current.bytes()) return text;
  text += std::string(kBaseLabel) + to_hex(keys.base.bytes()) + "\n";
  if (keys.previous) text += std::string(kPreviousLabel) + to_hex(keys.previous->bytes()) + "\n";
  return text;
}

}  // namespace

Result<MasterKeys> load_master_keys(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file)
    return fail(ErrorCode::FailedPrecondition, "key.missing", {}, {path}, std::strerror(errno));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorCode::FailedPrecondition, "key.mode", {}, {path});
  }
  std::string text(4 * kKeyDigits, '\0');  // room for more than any key file has, to notice it
  const auto size = ::read(file.get(), text.data(), text.size());
  auto keys = parse_keys(
      std::string_view(text).substr(0, static_cast<std::size_t>(std::max<ssize_t>(size, 0))));
  OPENSSL_cleanse(text.data(), text.size());
  if (!keys) return fail(ErrorCode::FailedPrecondition, "key.malformed", {}, {path});
  return std::move(*keys);
}

Result<MasterKeys> create_master_keys(const std::string& path) {
  std::string bytes = random_bytes(SecretKey::kSize);
  const SecretKey key(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  MasterKeys keys{key, key, std::nullopt};
  std::string text = text_of(keys);
  // Written beside and then linked: a crash leaves the whole key or none, and link(2), unlike
  // rename(2), never replaces a key that is there.
  const std::string draft = path + "." + to_hex(random_bytes(4));
  const bool linked = write_synced(draft, text) && ::link(draft.c_str(), path.c_str()) == 0;
  const int why = errno;
  OPENSSL_cleanse(text.data(), text.size());
  ::unlink(draft.c_str());
  if (!linked && why == EEXIST)
    return fail(ErrorCode::FailedPrecondition, "key.exists", {}, {path});
  if (!linked) return cannot_write(path, why);
  if (!sync_folder(folder_of(path))) return cannot_write(path, errno);
  return keys;
}

Done replace_master_keys(const std::string& path, const MasterKeys& keys) {
  std::string text = text_of(keys);
  const std::string draft = path + "." + to_hex(random_bytes(4));
  const bool replaced = write_synced(draft, text) && ::rename(draft.c_str(), path.c_str()) == 0;
  const int why = errno;
  OPENSSL_cleanse(text.data(), text.size());
  ::unlink(draft.c_str());
  if (!replaced) return cannot_write(path, why);
  if (!sync_folder(folder_of(path))) return cannot_write(path, errno);
  return {};
}

}  // namespace chucai
