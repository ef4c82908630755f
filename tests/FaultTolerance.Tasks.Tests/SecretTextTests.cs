namespace FaultTolerance.Tests;

public sealed class SecretTextTests
{
    [Theory]
    [InlineData("python3 -m x --api-key sk-very-secret-1 --port 8000", "python3 -m x --api-key *** --port 8000")]
    [InlineData("python3 -m x --api-key=a,b;c&d --port 8000", "python3 -m x --api-key=*** --port 8000")]
    [InlineData("python3 -m x --password 12345 --port 8000", "python3 -m x --password *** --port 8000")]
    [InlineData("serve --api-key 'two words' x", "serve --api-key *** x")]
    [InlineData("curl -H 'Authorization: Bearer abcdef123456'", "curl -H 'Authorization: Bearer ***'")]
    [InlineData("curl -H 'authorization: token abcdef'", "curl -H 'authorization: ***'")]
    [InlineData("curl -H 'X-Api-Key:abcdef123456'", "curl -H 'X-Api-Key:***'")]
    [InlineData("curl -H \"Cookie: a=b; c=d\" http://x", "curl -H \"Cookie: ***\" http://x")]
    [InlineData("curl -u eve:hunter22 http://x", "curl -u eve:*** http://x")]
    [InlineData("HF_TOKEN=hf_abcdefghijkl python3", "HF_TOKEN=*** python3")]
    [InlineData("postgres://user:hunter22@db:5432/x", "postgres://user:***@db:5432/x")]
    [InlineData("redis://:p@ss@db:6379 and more", "redis://:***@db:6379 and more")]
    [InlineData("Server=db;User=a;Password=hunter22;Port=1", "Server=db;User=a;Password=***;Port=1")]
    [InlineData("Server=db;User Id=a;Pwd = hunter22;Port=1", "Server=db;User Id=a;Pwd = ***;Port=1")]
    [InlineData("AccountName=a;AccountKey=aGVsbG8gd29ybGQ=;x=1", "AccountName=a;AccountKey=***;x=1")]
    [InlineData("https://a/b?sv=1&sig=abc%2Fdef&se=2", "https://a/b?sv=1&sig=***&se=2")]
    [InlineData("key is AKIAABCDEFGHIJKLMNOP there", "key is *** there")]
    [InlineData("jwt eyJhbGciOi.eyJzdWIiOi.c2lnbmF0", "jwt ***")]
    [InlineData("--github-pat ghp_abcdefghij1234", "--github-pat ***")]
    [InlineData("--cookie session42abc", "--cookie ***")]
    [InlineData("password: hunter22", "password: ***")]
    [InlineData("{\"password\":\"hunter22\",\"a\":1}", "{\"password\":\"***\",\"a\":1}")]
    [InlineData("{\"token\" : \"with \\\" quote\"}", "{\"token\" : \"***\"}")]
    [InlineData("{\\\"api_key\\\":\\\"hunter22\\\"}", "{\\\"api_key\\\":\\\"***\\\"}")]
    [InlineData("{'secret': 'hunter22'}", "{'secret': '***'}")]
    [InlineData("{\"pin_password\": 123456}", "{\"pin_password\": ***}")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nx", "***\nx")]
    public void Hide_masks_what_looks_like_a_secret(string text, string hidden)
    {
        Assert.Equal(hidden, SecretText.Hide(text));
        Assert.Equal(hidden, SecretText.Hide(hidden));
    }

    [Theory]
    [InlineData("python3 -m dynamo.vllm --model Qwen/Qwen3-0.6B --max-tokens 100")]
    [InlineData("http://frontend:8000/v1/models?x=1")]
    [InlineData("PATH=/usr/bin:/bin")]
    [InlineData("--tokenizer Qwen/Qwen3-0.6B")]
    [InlineData("FT0309: cannot get pods in namespace 'ft': 500 etcd leader changed")]
    [InlineData("STANDIN_TOKEN_MS=0.5 TOKEN_TIMEOUT=30s KEYS=5 USE_AUTH=true")]
    [InlineData("tokens: 4711, {\"max_tokens\": 100}")]
    [InlineData("KeyError: 'choices'")]
    [InlineData("client-key: is not a file")]
    [InlineData("cannot pull quay.io/keycloak/keycloak:24.0.1 from auth-svc:8080")]
    [InlineData("Basic authentication is not what bearer tokens are")]
    [InlineData("key == value, a task-force-of-many, disk-based")]
    public void Hide_leaves_what_is_none(string text) => Assert.Equal(text, SecretText.Hide(text));

    [Theory]
    [InlineData("MY_SECRET", true)]
    [InlineData("apiKey", true)]
    [InlineData("DB_PWD", true)]
    [InlineData("DBPASS", true)]
    [InlineData("GITHUB_PAT", true)]
    [InlineData("githubPat", true)]
    [InlineData("X-Auth", true)]
    [InlineData("SESSION_COOKIE_NAME", true)]
    [InlineData("my.credentials", true)]
    [InlineData("MY_JWT", true)]
    [InlineData("max_tokens", true)]
    [InlineData("PYTHONPATH", false)]
    [InlineData("PATTERN", false)]
    [InlineData("COMPATIBLE", false)]
    [InlineData("TOKENIZERS_PARALLELISM", false)]
    [InlineData("DYN_LOG", false)]
    [InlineData("", false)]
    public void IsTelling_goes_by_words(string name, bool telling) => Assert.Equal(telling, SecretText.IsTelling(name));

    [Theory]
    [InlineData("max_tokens", "100", "100")]
    [InlineData("TOKEN_TIMEOUT", "1.5s", "1.5s")]
    [InlineData("API_KEY", "123456789012345678", "***")]
    [InlineData("API_KEY", "12345e678", "***")]
    [InlineData("USE_AUTH", "True", "True")]
    [InlineData("DB_PASSWORD", "12345", "***")]
    [InlineData("SESSION_SECRET", "7", "***")]
    [InlineData("DSN", "postgres://u:hunter22@h", "postgres://u:***@h")]
    [InlineData("API_KEY", "", "")]
    public void Value_goes_by_the_name_and_leaves_figures(string name, string value, string shown) =>
        Assert.Equal(shown, SecretText.Value(name, value));

    [Fact]
    public void HideWords_masks_what_follows_an_option_and_whole_words()
    {
        string[] words =
        [
            "serve", "--api-key", "hunter22", "--token=a;b,c d", "PASSWORD=x,y", "--max-tokens", "100", "--use-auth", "--port", "8000", "-u", "eve:hunter22",
        ];

        SecretText.HideWords(words);

        Assert.Equal(
            ["serve", "--api-key", "***", "--token=*** d", "PASSWORD=***", "--max-tokens", "100", "--use-auth", "--port", "8000", "-u", "eve:***"],
            words
        );
    }

    [Fact]
    public void Hide_of_a_long_text_ends()
    {
        // Forms that a careless expression would look through again from each of their characters.
        foreach (var part in new[] { "a.", "a:", "a=", "--a ", "\"a\":", "a://b:", "Bearer ", "eyJa.", "\\\"" })
        {
            var text = string.Concat(Enumerable.Repeat(part, 200_000 / part.Length));
            Assert.True(SecretText.Hide(text) == SecretText.Mask || SecretText.Hide(text).Length > 0, part);
        }
    }

    [Fact]
    public void Line_is_one_line_without_control_characters_and_cut_between_characters()
    {
        Assert.Equal("a ::error::b [31m c", ForeignText.Line("  a\r\n::error::b\u001b[31m\u2028c\u202e\n"));
        Assert.Equal("ab…", ForeignText.Line("ab😀cd", 3));
        Assert.Equal("", ForeignText.Line("\n \t"));
        Assert.Equal("x ##vso[task.x] y", new FaultMatrixException("FT0000", "x\n##vso[task.x]\ny").Message);
    }

    [Fact]
    public void Messages_hold_no_secrets()
    {
        Assert.Equal("refused: token=***", new FaultMatrixException("FT0404", "refused: token=hunter22abc").Message);
        Assert.Equal("a password: *** b", new Diagnostic("FT0802", Severity.Error, "a password: hunter22\nb").Message);
        Assert.Equal("x ***", (new Diagnostic("FT0802", Severity.Error, "") { Message = "x sk-abcdefgh1234" }).Message);
    }
}
