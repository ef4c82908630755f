using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Selection;

/// <summary>The grammar of label selectors: equality and set-based requirements, separated by commas.</summary>
/// <param name="text">The selector.</param>
internal sealed class LabelSelectorParser(string text)
{
    private int _at;

    /// <summary>Every requirement; 400 for what is none.</summary>
    public List<LabelRequirement> Parse()
    {
        var requirements = new List<LabelRequirement>();
        while (true)
        {
            requirements.Add(Requirement());
            Blank();
            if (_at == text.Length)
            {
                return requirements;
            }

            Expect(',');
        }
    }

    private LabelRequirement Requirement()
    {
        Blank();
        if (Take("!"))
        {
            return new(Key(), "!", []);
        }

        var key = Key();
        Blank();
        if (Take("!="))
        {
            return new(key, "notin", [Value()]);
        }

        if (Take("==") || Take("="))
        {
            return new(key, "in", [Value()]);
        }

        if (Take(">"))
        {
            return new(key, "gt", [Integer()]);
        }

        if (Take("<"))
        {
            return new(key, "lt", [Integer()]);
        }

        if (_at == text.Length || text[_at] == ',')
        {
            return new(key, "exists", []);
        }

        var word = Word();
        return word is "in" or "notin" ? new(key, word, Set()) : throw Fault($"found '{word}', expected: in, notin, =, ==, !=, gt, lt");
    }

    private List<string> Set()
    {
        Blank();
        Expect('(');
        var values = new List<string>();
        while (true)
        {
            values.Add(Value());
            Blank();
            if (Take(")"))
            {
                return values;
            }

            Expect(',');
        }
    }

    private string Key()
    {
        Blank();
        var key = Word();
        return key.Length > 0 && LabelSyntax.IsKey(key) ? key : throw Fault($"'{key}' is no label key");
    }

    private string Value()
    {
        Blank();
        var value = Word();
        return LabelSyntax.IsValue(value) ? value : throw Fault($"'{value}' is no label value");
    }

    private string Integer()
    {
        var value = Value();
        return long.TryParse(value, out _) ? value : throw Fault($"'{value}' is no whole number");
    }

    private string Word()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '-' or '_' or '.' or '/'))
        {
            _at++;
        }

        return text[start.._at];
    }

    private void Blank()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private bool Take(string token)
    {
        if (string.CompareOrdinal(text, _at, token, 0, token.Length) != 0)
        {
            return false;
        }

        _at += token.Length;
        return true;
    }

    private void Expect(char token)
    {
        if (_at == text.Length || text[_at] != token)
        {
            throw Fault($"expected '{token}' at position {_at}");
        }

        _at++;
    }

    private StoreException Fault(string why) => StoreErrors.BadRequest($"unable to parse label selector '{text}': {why}");
}
