using CsCheck;

namespace FaultTolerance.Tests;

/// <summary>Whatever the name is made of that tells of a secret, and in whatever form it stands: the value is not in what comes out.</summary>
public sealed class SecretPropertyTests
{
    private static readonly string[] Telling =
        ["SECRET", "KEY", "TOKEN", "PASS", "PASSWORD", "PWD", "JWT", "COOKIE", "CREDENTIAL", "AUTH", "secret", "key", "token", "password"];
    private static readonly Gen<string> Word = Gen.Char["abcdefgxyzABCXYZ"].Array[1, 6].Select(c => new string(c));
    private static readonly Gen<string> Name = Gen.Select(Word, Gen.Int[0, Telling.Length - 1], Word, (before, at, after) =>
        $"{before}_{Telling[at]}_{after}"
    );

    // As people make them: letters and digits, and signs that end no word in any of the forms.
    private static readonly Gen<string> Secret = Gen.Char["abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789._~+!#%^*-"]
        .Array[10, 40]
        .Select(c => $"q9{new string(c)}Z7");

    private static readonly Func<string, string, string>[] Forms =
    [
        (name, secret) => $"{name}={secret} python3 -m x",
        (name, secret) => $"export {name}=\"{secret}\"; run",
        (name, secret) => $"serve --{name.Replace('_', '-')} {secret} --port 1",
        (name, secret) => $"serve --{name.Replace('_', '-')}={secret}",
        (name, secret) => $"{name}: {secret}",
        (name, secret) => $"the server said: {name}: '{secret}', and went",
        (name, secret) => $"{{\"a\":1,\"{name}\":\"{secret}\",\"b\":2}}",
        (name, secret) => $"{{\"a\":\"{{\\\"{name}\\\": \\\"{secret}\\\"}}\"}}",
        (name, secret) => $"{{'{name}': '{secret}'}}",
        (name, secret) => $"Server=db;{name}={secret};Port=1",
        (name, secret) => $"https://host/path?a=1&{name}={secret}&b=2",
        (_, secret) => $"amqp://user:{secret}@host:5672/x",
        (_, secret) => $"Authorization: Bearer {secret}",
        (_, secret) => $"curl -H 'Authorization: Bearer {secret}' http://x",
        (_, secret) => $"curl -u user:{secret} http://x",
    ];

    [Fact]
    public void Hide_shows_no_secret_in_any_form_and_changes_nothing_the_second_time() =>
        Gen.Select(Name, Secret, Gen.Int[0, Forms.Length - 1])
            .Sample((name, secret, form) =>
            {
                var hidden = SecretText.Hide(Forms[form](name, secret));
                Assert.DoesNotContain(secret, hidden, StringComparison.Ordinal);
                Assert.DoesNotContain(secret[2..^2], hidden, StringComparison.Ordinal);
                Assert.Equal(hidden, SecretText.Hide(hidden));
            });

    [Fact]
    public void HideWords_shows_no_secret() =>
        Gen.Select(Name, Secret, Gen.Int[0, 2])
            .Sample((name, secret, form) =>
            {
                var option = $"--{name.Replace('_', '-')}";
                string[] words = form switch
                {
                    0 => ["serve", option, secret, "--port", "1"],
                    1 => ["serve", $"{option}={secret}"],
                    _ => ["env", $"{name}={secret}", "serve"],
                };
                SecretText.HideWords(words);
                Assert.DoesNotContain(words, word => word.Contains(secret, StringComparison.Ordinal));
            });

    [Fact]
    public void Value_leaves_figures_and_truths_under_names_of_counts() =>
        Gen.Select(Word, Gen.OneOf(Gen.Int[0, 1_000_000].Select(i => $"{i}"), Gen.Bool.Select(b => $"{b}")))
            .Sample((word, value) =>
            {
                Assert.Equal(value, SecretText.Value($"{word}_TOKENS", value));
                var text = $"--{word}-tokens {value} {word}_KEYS={value}";
                Assert.Equal(text, SecretText.Hide(text));
            });

    [Fact]
    public void Hide_of_anything_ends_and_is_the_same_the_second_time() =>
        Gen.Char["ab1=:;\"'\\- /@.{}*\nPASKEYtokn"]
            .Array[0, 60]
            .Select(c => new string(c))
            .Sample(text =>
            {
                var hidden = SecretText.Hide(text);
                Assert.Equal(hidden, SecretText.Hide(hidden));
            });
}
