// Segments, memtables and joins for Python.
#include "hamming/draft.h"
#include "hamming/join.h"
#include "hamming/memtable.h"
#include "hamming/segment.h"
#include "module/arrays.h"
#include "module/module.h"

namespace amparo {
namespace {

using hamming::Draft;
using hamming::Memtable;
using hamming::Segment;

// Search anything that has `search`, while other threads run Python.
template <typename Searched>
nb::object search(const Searched& searched, const Given& queries, std::int64_t distance) {
  const Hashes wanted = hashes_in(queries);
  const unsigned bits = distance_in(distance);
  std::vector<hamming::Hit> hits;
  std::vector<std::uint64_t> limits{0};
  {
    nb::gil_scoped_release others_run;
    searched.search(wanted.bytes, wanted.count, bits, hits, limits);
  }
  return hits_of(hits, std::move(limits));
}

// Each of these keeps the array it reads from alive.
struct KeptDraft {
  Given array;
  Draft draft;
};

struct KeptSegment {
  Given array;
  Segment segment;
};

KeptDraft* new_draft(const Given& array, std::int64_t chunks) {
  const Hashes hashes = hashes_in(array);
  if (chunks != -1 && chunks != 0 && chunks != 11 && chunks != 16)
    throw nb::value_error("A segment has 0, 11 or 16 chunks, or -1 for what is best.");
  nb::gil_scoped_release others_run;
  Draft draft = chunks < 0 ? Draft(hashes.bytes, hashes.count)
                           : Draft(hashes.bytes, hashes.count, static_cast<std::size_t>(chunks));
  nb::gil_scoped_acquire back;
  return new KeptDraft{array, std::move(draft)};
}

void write_draft(const KeptDraft& kept, const nb::ndarray<nb::device::cpu>& into) {
  if (into.dtype() != nb::dtype<std::uint8_t>() || into.ndim() != 1 || into.shape(0) != kept.draft.layout().size ||
      (into.shape(0) > 1 && into.stride(0) != 1))
    throw nb::value_error("A draft is written into a flat array of uint8 that is exactly as long as its size.");
  std::uint8_t* bytes = static_cast<std::uint8_t*>(into.data());
  if (reinterpret_cast<std::uintptr_t>(bytes) % 8 != 0)
    throw nb::value_error("A segment must begin at a multiple of 8 bytes in memory: map its file.");
  nb::gil_scoped_release others_run;
  kept.draft.write(bytes);
}

KeptSegment* new_segment(const Given& array) {
  if (array.dtype() != nb::dtype<std::uint8_t>() || array.ndim() != 1 || (array.shape(0) > 1 && array.stride(0) != 1))
    throw nb::value_error("A segment is a flat array of uint8, such as numpy.memmap of its file.");
  return new KeptSegment{array, Segment(static_cast<const std::uint8_t*>(array.data()), array.shape(0))};
}

nb::object items_of(const KeptSegment& kept, const nb::ndarray<const std::uint32_t, nb::ndim<1>, nb::c_contig,
                                                               nb::device::cpu>& rows) {
  std::vector<std::uint32_t> items;
  std::vector<std::uint64_t> limits{0};
  for (std::size_t n = 0; n < rows.shape(0); ++n) {
    kept.segment.items(rows.data()[n], items);
    limits.push_back(items.size());
  }
  return nb::make_tuple(array_of(std::move(limits)), array_of(std::move(items)));
}

// A view, without copying: the array keeps the segment, and the segment its file.
nb::object hashes_of(nb::handle self) {
  const auto& kept = nb::cast<const KeptSegment&>(self);
  const std::size_t rows = kept.segment.layout().rows;
  const std::uint8_t* first = rows ? kept.segment.hash(0) : nullptr;
  return nb::cast(nb::ndarray<nb::numpy, const std::uint8_t, nb::ndim<2>>(first, {rows, hamming::BYTES}, self));
}

nb::object plan(const KeptSegment& kept, const Given& query, std::int64_t distance) {
  const Hashes wanted = hashes_in(query);
  if (wanted.count != 1) throw nb::value_error("A plan is made for one query.");
  const hamming::Radii radii = kept.segment.plan(wanted.bytes, distance_in(distance));
  if (!radii.is_possible) return nb::none();
  nb::list told;
  for (std::size_t c = 0; c < kept.segment.layout().chunks; ++c) told.append(radii.of[c]);
  return nb::tuple(told);
}

nb::object columns_of(const Given& array) {
  const Hashes hashes = hashes_in(array);
  auto* kept = new std::vector<std::uint64_t>(hashes.count * hamming::WORDS);
  nb::capsule owner(kept, [](void* pointer) noexcept { delete static_cast<std::vector<std::uint64_t>*>(pointer); });
  {
    nb::gil_scoped_release others_run;
    hamming::write_columns(hashes.bytes, hashes.count, kept->data());
  }
  return nb::cast(nb::ndarray<nb::numpy, std::uint64_t, nb::ndim<2>>(kept->data(), {hamming::WORDS, hashes.count}, owner));
}

nb::object join(const Given& columns, const Given& queries, std::int64_t distance) {
  if (columns.dtype() != nb::dtype<std::uint64_t>() || columns.ndim() != 2 || columns.shape(0) != hamming::WORDS ||
      columns.shape(1) > hamming::MOST_ROWS ||
      (columns.shape(1) > 0 && (columns.stride(1) != 1 || columns.stride(0) != static_cast<std::int64_t>(columns.shape(1)))))
    throw nb::value_error("Columns are a contiguous array of uint64 with 4 rows: what columns() returns.");
  const Hashes wanted = hashes_in(queries);
  const unsigned bits = distance_in(distance);
  std::vector<hamming::Hit> hits;
  std::vector<std::uint64_t> limits{0};
  {
    nb::gil_scoped_release others_run;
    hamming::join(static_cast<const std::uint64_t*>(columns.data()), columns.shape(1), wanted.bytes, wanted.count, bits,
                  hits, limits);
  }
  return hits_of(hits, std::move(limits));
}

std::uint64_t add(Memtable& memtable, const Given& array) {
  const Hashes hashes = hashes_in(array);
  nb::gil_scoped_release others_run;
  return memtable.add(hashes.bytes, hashes.count);
}

}  // namespace

void add_hamming(nb::module_& module) {
  nb::class_<KeptDraft>(module, "Draft")
      .def(nb::new_(&new_draft), nb::arg("hashes"), nb::arg("chunks") = -1)
      .def_prop_ro("size", [](const KeptDraft& kept) { return kept.draft.layout().size; })
      .def_prop_ro("rows", [](const KeptDraft& kept) { return kept.draft.layout().rows; })
      .def_prop_ro("chunks", [](const KeptDraft& kept) { return kept.draft.layout().chunks; })
      .def("write", write_draft, nb::arg("into").noconvert());
  nb::class_<KeptSegment>(module, "Segment")
      .def(nb::new_(&new_segment), nb::arg("file"))
      .def_prop_ro("rows", [](const KeptSegment& kept) { return kept.segment.layout().rows; })
      .def_prop_ro("items_in_all", [](const KeptSegment& kept) { return kept.segment.layout().items; })
      .def_prop_ro("chunks", [](const KeptSegment& kept) { return kept.segment.layout().chunks; })
      .def_prop_ro("hashes", hashes_of)
      .def("search", [](const KeptSegment& kept, const Given& queries, std::int64_t distance) {
             return search(kept.segment, queries, distance);
           }, nb::arg("queries"), nb::arg("distance"))
      .def("items", items_of, nb::arg("rows"))
      .def("hash", [](const KeptSegment& kept, std::uint64_t row) {
             return nb::bytes(kept.segment.hash(row), hamming::BYTES);
           }, nb::arg("row"))
      .def("plan", plan, nb::arg("query"), nb::arg("distance"));
  nb::class_<Memtable>(module, "Memtable")
      .def(nb::init<>())
      .def("__len__", &Memtable::size)
      .def("add", add, nb::arg("hashes"))
      .def("search", search<Memtable>, nb::arg("queries"), nb::arg("distance"));
  module.def("columns", columns_of, nb::arg("hashes"));
  module.def("join", join, nb::arg("columns"), nb::arg("queries"), nb::arg("distance"));
}

}  // namespace amparo
