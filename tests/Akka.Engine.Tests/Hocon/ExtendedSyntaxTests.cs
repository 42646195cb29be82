using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Engine.Tests.Hocon;

/// <summary>Parts of HOCON that Akka.NET 1.5.30 does not read.</summary>
public class ExtendedSyntaxTests
{
    static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    [BundledFact]
    public void An_optional_environment_variable_overrides_only_if_it_is_set()
    {
        var name = "ZAB_TEST_" + Guid.NewGuid().ToString("N");
        var hocon = $"port = 2181\nport = ${{?{name}}}\nhost = ${{?{name}}}\nlist = [a, ${{?{name}}}]";
        var unset = Parse(hocon);
        Assert.Equal(2181, unset.GetInt("port"));
        Assert.False(unset.HasPath("host"));
        Assert.Equal(["a"], unset.GetStringList("list"));

        Environment.SetEnvironmentVariable(name, "4000");
        try
        {
            var set = Parse(hocon);
            Assert.Equal(4000, set.GetInt("port"));
            Assert.Equal(4000, set.GetInt("host"));
            Assert.Equal(["a", "4000"], set.GetStringList("list"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [BundledFact]
    public void Of_several_optional_overrides_the_last_that_exists_counts()
    {
        var config = Parse("a = 1\na = ${?nothing}\na = ${?b}\na = ${?nothing}\nb = 2");
        Assert.Equal(2, config.GetInt("a"));
    }

    [BundledFact]
    public void A_setting_wins_over_an_environment_variable_of_the_same_name() =>
        Assert.Equal("mine", Parse("PATH = mine\nx = ${PATH}").GetString("x"));

    [BundledTheory]
    [InlineData("x = [1]\nx += 2\nx += 3")]
    [InlineData("x += 1\nx += 2\nx += 3")]
    [InlineData("base = [1, 2]\nx = ${base}\nx += 3")]
    [InlineData("x = [1]\nx = ${x} [2, 3]")]
    [InlineData("x = [1, 2]\nx = ${?nothing}\nx += 3")]
    [InlineData("a.x = [1]\na { x += 2 }\na.x += 3\nx = ${a.x}")]
    public void Lists_grow_by_plus_equals_and_by_referring_to_themselves(string hocon) =>
        Assert.Equal([1, 2, 3], Parse(hocon).GetIntList("x"));

    [BundledFact]
    public void A_text_may_refer_to_its_own_earlier_value() =>
        Assert.Equal("/a:/b:/c", Parse("p = /a\np = ${p}\":/b\"\np = ${p}\":/c\"").GetString("p"));

    [BundledFact]
    public void Objects_can_be_derived_from_others()
    {
        var config = Parse("""
            defaults { port = 1, host = x, tls { on = false, key = k } }
            one = ${defaults} { port = 2, tls.on = true }
            two = ${defaults}
            two { port = 3, address = ${two.host}":"${two.port} }
            three { port = 4, host = y }
            three = ${defaults}
            """);
        Assert.Equal(2, config.GetInt("one.port"));
        Assert.Equal("x", config.GetString("one.host"));
        Assert.True(config.GetBoolean("one.tls.on"));
        Assert.Equal("k", config.GetString("one.tls.key"));
        Assert.Equal("x:3", config.GetString("two.address"));
        Assert.Equal(1, config.GetInt("three.port"));
        Assert.Equal(1, config.GetInt("defaults.port"));
        Assert.False(config.GetBoolean("defaults.tls.on"));
    }

    [BundledTheory]
    [InlineData("a = 1\nb {\n  c = 2\n", "line 2, column 3: the object that begins here is never closed")]
    [InlineData("a = [1, 2", "line 1, column 5: the list that begins here is never closed")]
    [InlineData("a = \"text\nb = 1", "line 1, column 5: the text that begins here has no closing quote on its line")]
    [InlineData("a = \"\"\"text\nb = 1", "line 1, column 5: the text that begins here has no closing \"\"\"")]
    [InlineData("a = 1\n}", "line 2, column 1: '}' where a key should be")]
    [InlineData("a =\n}", "line 2, column 1: '}' where a value should be")]
    [InlineData("a.b c", "line 1, column 6: the end of the text where '=', ':' or '{' after the key 'a.b c' should be")]
    [InlineData("a = akka.tcp://host", "line 1, column 13: ':' in a value; put the value in quotes, or, if a new "
        + "setting begins here, put it on a line of its own or after a comma")]
    [InlineData("a = x@y", "line 1, column 6: '@' in a value; put the value in quotes")]
    [InlineData("a = ${b", "line 1, column 5: the substitution that begins here is never closed")]
    [InlineData("x = 1\n  a = ${no.such}", "line 2, column 7: ${no.such} is neither a setting of this text nor an "
        + "environment variable")]
    [InlineData("a = ${b}\nb = ${a}", "line 1, column 5: ${b} refers to itself")]
    [InlineData("a { b = ${a} }", "line 1, column 9: ${a} refers to itself")]
    [InlineData("a = \"\\q\"", "line 1, column 6: unknown escape sequence; a backslash is written \\\\, or the text in "
        + "triple quotes")]
    [InlineData("a = {} b", "line 1, column 8: one value cannot mix texts, lists and objects; if a new setting begins "
        + "here, put it on a line of its own or after a comma")]
    [InlineData("a { include \"x\" }", "line 1, column 16: 'x' cannot be included: this text was read without an "
        + "include callback")]
    public void An_error_says_where_and_why(string hocon, string message)
    {
        var error = Assert.Throws<ConfigurationException>(() => Parse(hocon));
        Assert.Equal($"Configuration error in {message}.", error.Message);
    }

    [BundledFact]
    public void A_comma_may_follow_a_block() => Assert.Equal(2, Parse("a { x = 1 }, b { x = 2 }").GetInt("b.x"));

    [BundledFact]
    public void An_error_in_an_included_text_names_the_include()
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(
            "a = 1\ninclude \"other\"", _ => Parser.Parse("b = {", null)));
        Assert.Equal("Configuration error in line 2, column 16: 'other' cannot be included: "
            + "Configuration error in line 1, column 5: the object that begins here is never closed.", error.Message);
    }

    [BundledFact]
    public void What_is_printed_can_be_read_back()
    {
        const string hocon = """
            a { "b.c" = [1, "x y", { z = "q\"\\\n" }], empty = "", no = null, none = [] }
            "include" = true
            """;
        var config = Parse(hocon);
        var again = Parse(config.ToString());
        Assert.Equal(config.ToString(), again.ToString());
        Assert.Equal("q\"\\", again.GetValue("a.\"b.c\"").GetArray()[2].GetObject().GetKey("z").GetString());
        Assert.Equal("", again.GetString("a.empty"));
        Assert.Empty(again.GetStringList("a.none"));
        Assert.True(again.GetBoolean("include"));
    }
}
