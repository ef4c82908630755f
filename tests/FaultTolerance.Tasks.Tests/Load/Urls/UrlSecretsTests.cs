using System.Text;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Http;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Urls;

public sealed class UrlSecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-secrets-").FullName;
    private readonly UrlTarget _target = new("https://host");

    [Fact]
    public void Nothing_given_is_no_header() => Assert.True(UrlSecrets.Read(_target, _ => null).Lines.IsEmpty);

    [Fact]
    public void Key_and_headers_come_from_the_environment() => Assert.Equal(
        "Authorization: Bearer abcdef\r\nX-Team: a b\r\nX-Other: c\r\n",
        Lines(UrlSecrets.Read(_target, name => name == UrlSecrets.KeyVariable ? "abcdef" : "X-Team: a b\n# not this\nX-Other:c")));

    [Fact]
    public void File_comes_before_the_environment() => Assert.Equal(
        "Authorization: Bearer of-the-file\r\n",
        Lines(UrlSecrets.Read(_target with { ApiKeyFile = Write("of-the-file\n") }, name => name == UrlSecrets.KeyVariable ? "other"
            : null)));

    [Theory]
    [InlineData("no colon here")]
    [InlineData(": no name")]
    [InlineData("Host: other")]
    [InlineData("X-Key: s\u00e9cret")]
    [InlineData("X-Key:")]
    [InlineData("X-Key: one\nx-key: two")]
    public void Line_that_is_no_header_is_told_without_its_value(string lines)
    {
        var error = Assert.Throws<FaultMatrixException>(() => UrlSecrets.Read(_target with { HeadersFile = Write(lines) }, _ => null));

        Assert.Equal("FT0519", error.Code);
        Assert.DoesNotContain("cret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_not_there_is_told() => Assert.Equal(
        "FT0519",
        Assert.Throws<FaultMatrixException>(
            () => UrlSecrets.Read(_target with { ApiKeyFile = Path.Combine(_folder, "none") }, _ => null)).Code);

    [Fact]
    public void Hide_masks_a_value_in_texts_and_in_bodies_of_the_same_length()
    {
        var headers = RequestHeaders.Of([("Authorization", "Bearer abcdef-123456")]);
        var body = new ByteBuffer();
        body.Append("{\"said\": \"abcdef-123456 abcdef-123456\"}"u8);
        headers.Hide(body);

        Assert.Equal("you gave *** here", headers.Hide("you gave Bearer abcdef-123456 here"));
        Assert.Equal("{\"said\": \"************* *************\"}", Encoding.ASCII.GetString(body.Written));
        Assert.DoesNotContain("abcdef", headers.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Lines(RequestHeaders headers) => Encoding.ASCII.GetString(headers.Lines.Span);

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "file");
        File.WriteAllText(path, text);
        return path;
    }
}
