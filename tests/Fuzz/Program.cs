using FaultTolerance.Fuzz;
using SharpFuzz;

// Fuzz TARGET: waits for a fuzzer's inputs. Fuzz TARGET FILE...: reads these once, to look at a finding or to try the corpus.
if (args is not [var name, .. var files] || Targets.Find(name) is not { } target)
{
    Console.Error.WriteLine($"Fuzz {string.Join('|', Targets.Names)} [FILE...]");
    return 2;
}

foreach (var file in files)
{
    target(File.ReadAllBytes(file));
}

if (files.Length > 0)
{
    Console.WriteLine($"{name}: {files.Length} files read");
    return 0;
}

// The instrumented assembly reports to the fuzzer; outside of one, standard input is read once.
Fuzzer.Run(stream =>
{
    using var copy = new MemoryStream();
    stream.CopyTo(copy);
    target(copy.ToArray());
});
return 0;
