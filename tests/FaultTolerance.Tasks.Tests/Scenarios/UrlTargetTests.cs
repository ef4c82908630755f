using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

public sealed class UrlTargetTests
{
    [Theory]
    [InlineData("https://host", "https://host")]
    [InlineData("https://host/", "https://host")]
    [InlineData("https://host:8443/a/b/", "https://host:8443/a/b")]
    [InlineData("http://host/v1", "http://host")]
    [InlineData("http://host/a/v1/", "http://host/a")]
    [InlineData("http://[::1]:8000/a", "http://[::1]:8000/a")]
    public void Parse_takes_what_comes_before_v1(string text, string url)
    {
        Assert.Equal(url, UrlTarget.Parse(text, out var why)?.Url);
        Assert.Null(why);
    }

    [Theory]
    [InlineData("host:8000")]
    [InlineData("ftp://host")]
    [InlineData("")]
    [InlineData("https://me:pa55word@host")]
    [InlineData("https://host/?api_key=pa55word")]
    [InlineData("https://host/#part")]
    public void Parse_refuses_what_is_no_address_or_holds_a_secret(string text)
    {
        Assert.Null(UrlTarget.Parse(text, out var why));
        Assert.NotNull(why);
        Assert.DoesNotContain("pa55word", why, StringComparison.Ordinal);
    }
}
