//! The graphics processors that could compute.
//!
//! NVIDIA's driver lists its processors by name below `/proc`; for all others, and without that
//! driver, the PCI bus says that there is one and whose. A virtual machine's screen is a display
//! controller too, so only those who build processors count.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::text::{parse_field, read};

const DRIVER: &str = "proc/driver/nvidia/gpus";
const BUS: &str = "sys/bus/pci/devices";

/// Makers by the numbers that the PCI bus knows them by.
const MAKERS: [(&str, &str); 3] = [("0x10de", "NVIDIA"), ("0x1002", "AMD"), ("0x8086", "Intel")];

/// Their names, one for each.
pub(crate) fn read_gpus(root: &Path) -> Vec<String> {
    let named = names(&root.join(DRIVER)).into_iter().filter_map(|device| {
        let information = read(root, format!("{DRIVER}/{device}/information"))?;
        parse_field(&information, "Model").map(str::to_owned)
    });
    let named: Vec<String> = named.collect();
    let on_bus = names(&root.join(BUS)).into_iter().filter_map(|device| {
        let file = |name: &str| read(root, format!("{BUS}/{device}/{name}"));
        let (class, maker) = (file("class")?, file("vendor")?);
        let (_, maker) = MAKERS.iter().find(|(number, _)| *number == maker)?;
        let number = file("device").unwrap_or_default();
        let is_told = *maker == "NVIDIA" && !named.is_empty();
        (class.starts_with("0x03") && !is_told)
            .then(|| format!("{maker} {}", number.trim_start_matches("0x")).trim_end().to_owned())
    });
    named.iter().cloned().chain(on_bus).collect()
}

/// The names in a folder, in an order that is the same each time.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    #[test]
    fn the_driver_knows_names_and_the_bus_the_rest() {
        let device = |place: &str, class: &str, maker: &str| {
            [("class", class), ("vendor", maker), ("device", "0x2330\n")]
                .map(|(name, text)| (format!("{BUS}/{place}/{name}"), text.to_owned()))
        };
        let mut files = vec![(
            format!("{DRIVER}/0000:01:00.0/information"),
            "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 42\n".to_owned(),
        )];
        files.extend(device("0000:01:00.0", "0x030200\n", "0x10de\n"));
        files.extend(device("0000:02:00.0", "0x038000\n", "0x1002\n"));
        // A network card, and the screen of a virtual machine.
        files.extend(device("0000:03:00.0", "0x020000\n", "0x8086\n"));
        files.extend(device("0000:04:00.0", "0x030000\n", "0x1234\n"));
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (&**path, &**text)).collect();
        let tree = Tree::new(&files);
        assert_eq!(read_gpus(tree.root()), ["NVIDIA H100 80GB HBM3", "AMD 2330"]);
        let without_driver = Tree::new(&files[1..4]);
        assert_eq!(read_gpus(without_driver.root()), ["NVIDIA 2330"]);
    }

    #[test]
    fn most_machines_have_none() {
        assert!(read_gpus(Tree::new(&[]).root()).is_empty());
    }
}
