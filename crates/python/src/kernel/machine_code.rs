//! Machine code in memory: an object file's sections, put to their place and joined to what they refer to.
//!
//! What LLVM's linker does too; but code that comes from the disk needs nothing else of LLVM, which
//! takes longer to load than most functions to compile. Objects for ELF on x86-64 are known here, as far as
//! kernels' go: without variables, whose sections would have to be written to. The rest is left to LLVM.

use memmap2::{Mmap, MmapMut};
use object::read::elf::ElfFile64;
use object::{
    Architecture, LittleEndian, Object, ObjectSection, ObjectSymbol, Relocation, RelocationKind,
    RelocationTarget, SectionIndex, SectionKind, SymbolIndex,
};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::ffi::CString;

/// Machine code in memory, for as long as this is there.
#[pyclass(frozen, module = "manycore._core")]
pub struct MachineCode {
    memory: Mmap,
    /// Where its global functions begin.
    functions: HashMap<String, usize>,
}

#[pymethods]
impl MachineCode {
    /// Puts an object file into memory; nothing if it has something that is not known here. What it refers to
    /// is looked for in `symbols`, and then in the process.
    #[staticmethod]
    #[expect(clippy::needless_pass_by_value)]
    fn load(code: &[u8], symbols: HashMap<String, usize>) -> Option<Self> {
        Image::new(code, &symbols)?.finish()
    }

    /// A function's address.
    fn __getitem__(&self, name: &str) -> PyResult<usize> {
        let offset = self.functions.get(name);
        let offset = offset.ok_or_else(|| PyKeyError::new_err(name.to_owned()))?;
        Ok(self.memory.as_ptr().expose_provenance() + offset)
    }
}

type Elf<'a> = ElfFile64<'a, LittleEndian>;

/// What jumps to a function that may be too far away for a call: `jmp [rip + 2]`, two bytes that nobody
/// reaches, the address. Who asks where the address of something stands is sent there too.
const JUMP: [u8; 8] = [0xff, 0x25, 2, 0, 0, 0, 0xcc, 0xcc];
const JUMP_SIZE: usize = JUMP.len() + size_of::<u64>();
/// What no page is smaller than.
const PAGE: usize = 4096;

/// Memory that is being filled.
struct Image<'a> {
    file: Elf<'a>,
    memory: MmapMut,
    /// Where sections are.
    sections: HashMap<SectionIndex, usize>,
    /// Where the jumps to symbols are.
    jumps: HashMap<SymbolIndex, usize>,
}

impl<'a> Image<'a> {
    /// An object file's sections, joined.
    fn new(code: &'a [u8], symbols: &HashMap<String, usize>) -> Option<Self> {
        let file = Elf::parse(code).ok()?;
        if file.architecture() != Architecture::X86_64 {
            return None;
        }
        let (sections, end) = place(&file)?;
        let (jumps, end) = place_jumps(&file, &sections, end);
        let memory = MmapMut::map_anon(end.max(1)).ok()?;
        let mut image = Self { file, memory, sections, jumps };
        image.fill(symbols)?;
        Some(image)
    }

    /// Writes sections and jumps.
    fn fill(&mut self, symbols: &HashMap<String, usize>) -> Option<()> {
        for (index, start) in &self.sections {
            let data = self.file.section_by_index(*index).ok()?.data().ok()?;
            self.memory.get_mut(*start..*start + data.len())?.copy_from_slice(data);
        }
        for (symbol, start) in &self.jumps {
            let target = self.address(*symbol, symbols)?;
            let (jump, address) = self.memory[*start..*start + JUMP_SIZE].split_at_mut(JUMP.len());
            jump.copy_from_slice(&JUMP);
            address.copy_from_slice(&target.to_le_bytes());
        }
        let relocations: Vec<_> = relocations(&self.file, &self.sections).collect();
        for (place, relocation) in relocations {
            self.relocate(place, &relocation, symbols)?;
        }
        Some(())
    }

    /// Writes at `place` how what is meant is reached from there.
    fn relocate(
        &mut self,
        place: usize,
        relocation: &Relocation,
        symbols: &HashMap<String, usize>,
    ) -> Option<()> {
        let RelocationTarget::Symbol(symbol) = relocation.target() else { return None };
        let base = self.memory.as_ptr().addr() as u64;
        let jump = self.jumps.get(&symbol).map(|start| base + *start as u64);
        let target = match relocation.kind() {
            RelocationKind::GotRelative => jump? + JUMP.len() as u64,
            // Data elsewhere may be too far away, and who reads a jump reads nonsense.
            RelocationKind::Relative if jump.is_some() => return None,
            RelocationKind::PltRelative => match jump {
                Some(jump) => jump,
                None => self.address(symbol, symbols)?,
            },
            RelocationKind::Relative | RelocationKind::Absolute => self.address(symbol, symbols)?,
            _ => return None,
        };
        let target = target.wrapping_add_signed(relocation.addend());
        let distance = target.wrapping_sub(base + place as u64).cast_signed();
        match (relocation.kind(), relocation.size()) {
            (RelocationKind::Absolute, 64) => self.write(place, target.to_le_bytes()),
            (RelocationKind::Absolute, _) => None,
            (_, 64) => self.write(place, distance.to_le_bytes()),
            (_, 32) => self.write(place, i32::try_from(distance).ok()?.to_le_bytes()),
            _ => None,
        }
    }

    fn write<const N: usize>(&mut self, place: usize, bytes: [u8; N]) -> Option<()> {
        self.memory.get_mut(place..place.checked_add(N)?)?.copy_from_slice(&bytes);
        Some(())
    }

    /// Where a symbol is, here or elsewhere.
    fn address(&self, index: SymbolIndex, symbols: &HashMap<String, usize>) -> Option<u64> {
        let symbol = self.file.symbol_by_index(index).ok()?;
        if let Some(section) = symbol.section_index() {
            let start = self.sections.get(&section)? + self.memory.as_ptr().addr();
            return Some((start as u64).wrapping_add(symbol.address()));
        }
        let name = symbol.name().ok().filter(|_| symbol.is_undefined())?;
        symbols.get(name).copied().or_else(|| in_process(name)).map(|address| address as u64)
    }

    /// Makes it what can be run, and can't be written to.
    fn finish(self) -> Option<MachineCode> {
        let mut functions = HashMap::new();
        for symbol in self.file.symbols().filter(|symbol| symbol.is_global()) {
            if let Some(start) = symbol.section_index().and_then(|at| self.sections.get(&at)) {
                let offset = start.wrapping_add(symbol.address() as usize);
                self.memory.get(offset)?;
                functions.insert(symbol.name().ok()?.to_owned(), offset);
            }
        }
        Some(MachineCode { memory: self.memory.make_exec().ok()?, functions })
    }
}

/// Where each section comes to lie, and where the last one ends.
fn place(file: &Elf<'_>) -> Option<(HashMap<SectionIndex, usize>, usize)> {
    let (mut sections, mut end) = (HashMap::new(), 0_usize);
    for section in file.sections().filter(|section| section.size() > 0) {
        use SectionKind::{Metadata, Note, Other, OtherString, ReadOnlyData, ReadOnlyString, Text};
        match section.kind() {
            Text | ReadOnlyData | ReadOnlyString => {
                // Memory begins with a page.
                let align = usize::try_from(section.align()).ok().filter(|align| *align <= PAGE)?;
                let start = end.checked_next_multiple_of(align.max(1))?;
                end = start.checked_add(usize::try_from(section.size()).ok()?)?;
                sections.insert(section.index(), start);
            }
            Metadata | Note | Other | OtherString => {}
            // How to unwind: nothing that kernels call raises through them.
            _ if section.name() == Ok(".eh_frame") => {}
            _ => return None,
        }
    }
    Some((sections, end))
}

/// Where a jump to each symbol is that is elsewhere, or whose address is asked for as if it were; and where
/// the last one ends.
fn place_jumps(
    file: &Elf<'_>,
    sections: &HashMap<SectionIndex, usize>,
    mut end: usize,
) -> (HashMap<SymbolIndex, usize>, usize) {
    let mut jumps = HashMap::new();
    for (_, relocation) in relocations(file, sections) {
        let RelocationTarget::Symbol(index) = relocation.target() else { continue };
        let is_elsewhere = file.symbol_by_index(index).is_ok_and(|symbol| symbol.is_undefined());
        let is_asked_for = relocation.kind() == RelocationKind::GotRelative;
        if is_asked_for || is_elsewhere && relocation.kind() != RelocationKind::Absolute {
            jumps.entry(index).or_insert_with(|| {
                let start = end.next_multiple_of(JUMP_SIZE);
                end = start + JUMP_SIZE;
                start
            });
        }
    }
    (jumps, end)
}

/// What is to be filled in, and where.
fn relocations<'a>(
    file: &'a Elf<'_>,
    sections: &'a HashMap<SectionIndex, usize>,
) -> impl Iterator<Item = (usize, Relocation)> + 'a {
    file.sections()
        .filter_map(|section| Some((*sections.get(&section.index())?, section)))
        .flat_map(|(start, section)| {
            let all = section.relocations();
            all.map(move |(offset, relocation)| (start.wrapping_add(offset as usize), relocation))
        })
}

/// The address of one of the process's own functions.
fn in_process(name: &str) -> Option<usize> {
    let name = CString::new(name).ok()?;
    // SAFETY: the name ends with a zero.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    (!address.is_null()).then(|| address.expose_provenance())
}
