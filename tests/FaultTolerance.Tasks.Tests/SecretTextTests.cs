namespace FaultTolerance.Tests;

public sealed class SecretTextTests
{
    [Theory]
    [InlineData("python3 -m x --api-key sk-very-secret-1 --port 8000", "python3 -m x --api-key *** --port 8000")]
    [InlineData("curl -H 'Authorization: Bearer abcdef123456'", "curl -H 'Authorization: Bearer ***'")]
    [InlineData("HF_TOKEN=hf_abcdefghijkl python3", "HF_TOKEN=*** python3")]
    [InlineData("postgres://user:hunter22@db:5432/x", "postgres://user:***@db:5432/x")]
    [InlineData("Server=db;User=a;Password=hunter22;Port=1", "Server=db;User=a;Password=***;Port=1")]
    [InlineData("key is AKIAABCDEFGHIJKLMNOP there", "key is *** there")]
    [InlineData("jwt eyJhbGciOi.eyJzdWIiOi.c2lnbmF0", "jwt ***")]
    [InlineData("--github-pat ghp_abcdefghij1234", "--github-pat ***")]
    [InlineData("--cookie session42abc", "--cookie ***")]
    public void Hide_masks_what_looks_like_a_secret(string text, string hidden) => Assert.Equal(hidden, SecretText.Hide(text));

    [Theory]
    [InlineData("python3 -m dynamo.vllm --model Qwen/Qwen3-0.6B --max-tokens 100")]
    [InlineData("http://frontend:8000/v1/models?x=1")]
    [InlineData("PATH=/usr/bin:/bin")]
    [InlineData("--tokenizer Qwen/Qwen3-0.6B")]
    [InlineData("FT0309: cannot get pods in namespace 'ft': 500 etcd leader changed")]
    [InlineData("STANDIN_TOKEN_MS=0.5")]
    public void Hide_leaves_what_is_none(string text) => Assert.Equal(text, SecretText.Hide(text));

    [Theory]
    [InlineData("MY_SECRET", true)]
    [InlineData("apiKey", true)]
    [InlineData("DB_PWD", true)]
    [InlineData("GITHUB_PAT", true)]
    [InlineData("X-Auth", true)]
    [InlineData("SESSION_COOKIE_NAME", true)]
    [InlineData("PYTHONPATH", false)]
    [InlineData("DYN_LOG", false)]
    public void IsTelling_goes_by_words(string name, bool telling) => Assert.Equal(telling, SecretText.IsTelling(name));

    [Fact]
    public void Line_is_one_line_without_control_characters_and_cut_between_characters()
    {
        Assert.Equal("a ::error::b [31m c", ForeignText.Line("  a\r\n::error::b\u001b[31m\u2028c\u202e\n"));
        Assert.Equal("ab…", ForeignText.Line("ab😀cd", 3));
        Assert.Equal("", ForeignText.Line("\n \t"));
        Assert.Equal("x ##vso[task.x] y", new FaultMatrixException("FT0000", "x\n##vso[task.x]\ny").Message);
    }
}
