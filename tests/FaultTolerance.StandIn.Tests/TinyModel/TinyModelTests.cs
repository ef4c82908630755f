using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Tests.Support;
using FaultTolerance.StandIn.TinyModel;

namespace FaultTolerance.StandIn.Tests.TinyModel;

public sealed class TinyModelTests
{
    private static readonly string[] Files = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"];

    [Fact]
    public void Vocabulary_isMadeByRule_andFull()
    {
        var all = Tokens.Vocabulary.ToList();

        Assert.Equal(Tokens.Count, all.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(["<|endoftext|>", "<|im_start|>", "<|im_end|>", "!", "\""], all.Take(5));
        Assert.Equal(("\u0143", "\u0120e", "\u0120t", "ee", "et", "eee", "igw"), (all[258], all[259], all[260], all[285], all[286], all[961], all[^1]));
        Assert.All(Tokens.Merges, pair => Assert.True(all.IndexOf(pair.Left) < all.IndexOf(pair.Left + pair.Right)));
    }

    [Fact]
    public void Files_areAsThoseOfTheModelThatWorks()
    {
        var reference = Path.Combine(SolutionFolder(), "..", "shared", "reference", "tiny-model");
        Assert.SkipUnless(Directory.Exists(reference), "there is no ../shared/reference/tiny-model to compare with");

        foreach (var file in Files)
        {
            var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(reference, file)))!;
            var made = JsonNode.Parse(ModelFiles.All[file])!;
            Assert.True(JsonNode.DeepEquals(expected, made), $"{file} is another one");
            Assert.Equal(Order(expected), Order(made));
        }
    }

    [Fact]
    public async Task Model_writesItsFilesIntoAFolderThatItMakes()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("faultmatrix-model-").FullName, "models", "tiny");

        await using var process = StandInProcess.Start("stand-in", new Dictionary<string, string>(StringComparer.Ordinal), "model", folder);

        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Equal(Files, Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(ModelFiles.All["tokenizer.json"], await File.ReadAllTextAsync(Path.Combine(folder, "tokenizer.json"), TestContext.Current.CancellationToken));
        Directory.Delete(Path.Combine(folder, "..", ".."), recursive: true);
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("a", "b")]
    [InlineData("/proc/nothing/here")]
    public async Task Model_withoutOneFolderThatCanBeWritten_saysSo(params string[] arguments)
    {
        using var log = ConsoleLog.ToStandardError(new(), TimeProvider.System);

        var mistake = await Assert.ThrowsAsync<UsageException>(
            () => ModelProgram.RunAsync(arguments, log, TestContext.Current.CancellationToken)
        );

        Assert.StartsWith("stand-in model: ", mistake.Message, StringComparison.Ordinal);
    }

    // A parser that keeps the order of keys gives ids and tokens in the same one.
    private static string Order(JsonNode file) =>
        string.Join(' ', (file["model"]?["vocab"] as JsonObject ?? (JsonObject)file).Select(entry => entry.Key));

    private static string SolutionFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("there is no global.json above the tests");
        }

        return folder.FullName;
    }
}
