using System.Security.Cryptography;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Work;

/// <summary>A folder with a file of work, gone afterwards.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("work-test-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "work.jsonl");

    public string Write(string text)
    {
        File.WriteAllText(Path, text);
        return Path;
    }

    public static WorkFile Known(string path, int count) => new(path, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), count);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
