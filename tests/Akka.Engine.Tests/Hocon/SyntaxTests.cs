using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Engine.Tests.Hocon;

public class SyntaxTests
{
    static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    [Theory]
    [InlineData("a.b.c = 1")]
    [InlineData("a.b.c : 1")]
    [InlineData("a { b { c = 1 } }")]
    [InlineData("a { b.c : 1, }")]
    [InlineData("a\n{\n  b\n  {\n    c = 1\n  }\n}")]
    [InlineData("a.b = { c = 1 }")]
    [InlineData("{ \"a\": { \"b\": { \"c\": 1 } } }")]
    [InlineData("\"a\".\"b\".c = 1")]
    [InlineData("a.b.c =\n  1")]
    [InlineData("a.b.c = 1 # one\n")]
    [InlineData("// before\na.b.c = 1 // after")]
    [InlineData("a { x = 0 } a.b.c = 1")]
    [InlineData("a.b.c = 0\r\na.b.c = 1\r\n")]
    [InlineData("a = 5\na { b { c = 1 } }")]
    public void All_ways_to_write_a_setting_mean_the_same(string hocon) =>
        Assert.Equal(1, Parse(hocon).GetInt("a.b.c"));

    [Theory]
    [InlineData("x = hello", "hello")]
    [InlineData("x =   hello big   world  ", "hello big   world")]
    [InlineData("x = \"a=b:c, d\"", "a=b:c, d")]
    [InlineData("""x = "tab\tquote\" back\\ \u0041" """, "tab\tquote\" back\\ A")]
    [InlineData("x = \"\"\"C:\\dir\n\"two\" lines\"\"\"", "C:\\dir\n\"two\" lines")]
    [InlineData("x = 127.0.0.1", "127.0.0.1")]
    [InlineData("x = a/b-c_d+e", "a/b-c_d+e")]
    [InlineData("x = one \"two\" three", "one two three")]
    [InlineData("x = \"\"", "")]
    [InlineData("x = null", null)]
    public void Texts_are_read_as_they_are_written(string hocon, string? expected) =>
        Assert.Equal(expected, Parse(hocon).GetString("x", "default"));

    [Theory]
    [InlineData("x = [1, 2, 3]")]
    [InlineData("x = [1, 2, 3,]")]
    [InlineData("x = [\n 1\n 2 # two\n 3\n]")]
    [InlineData("x = [1, 2] [3]")]
    [InlineData("x = [\"1\", \"2\", \"3\"]")]
    [InlineData("y = [1]\nx = ${y} [2, 3]")]
    public void Lists_are_separated_by_commas_or_lines_and_concatenated(string hocon)
    {
        Assert.Equal([1, 2, 3], Parse(hocon).GetIntList("x"));
        Assert.Equal(["1", "2", "3"], Parse(hocon).GetStringList("x"));
    }

    [Fact]
    public void An_empty_list_is_a_list()
    {
        var config = Parse("x = []");
        Assert.True(config.HasPath("x"));
        Assert.Empty(config.GetStringList("x", ["default"]));
    }

    [Fact]
    public void White_space_inside_a_list_item_belongs_to_it() =>
        Assert.Equal(["a b", "c"], Parse("x = [a b, c]").GetStringList("x"));

    [Fact]
    public void A_list_may_hold_objects()
    {
        var items = Parse("x = [{ name = a }, { name = b }]").GetValue("x").GetArray();
        Assert.Equal(["a", "b"], items.Select(i => i.GetObject().GetKey("name").GetString()));
    }

    [Fact]
    public void Keys_keep_spaces_inside_them_and_quoted_keys_their_dots()
    {
        var config = Parse("""
            a b c = 1
            "/user/a.b/*" { n = 2 }
            deployment {
              /plain { n = 3 }
              "/x.y".n = 4
            }
            """);
        Assert.Equal(1, config.GetInt("a b c"));
        Assert.Equal(2, config.GetInt("\"/user/a.b/*\".n"));
        Assert.Equal(3, config.GetInt("deployment./plain.n"));
        Assert.Equal(4, config.GetConfig("deployment").GetConfig("\"/x.y\"").GetInt("n"));
    }

    [Fact]
    public void Objects_assigned_twice_are_merged_and_later_settings_win()
    {
        var config = Parse("a { x = 1, y = 2 }\na { y = 3, z = 4 }\na.w = 5");
        Assert.Equal([1, 3, 4, 5], new[] { "x", "y", "z", "w" }.Select(k => config.GetInt("a." + k)));
    }

    [Fact]
    public void A_scalar_between_two_objects_discards_the_first()
    {
        var config = Parse("a.b = 1\na = null\na.c = 3");
        Assert.False(config.HasPath("a.b"));
        Assert.Equal(3, config.GetInt("a.c"));
    }

    [Fact]
    public void Substitutions_take_the_last_value_of_a_setting_wherever_it_stands()
    {
        var config = Parse("""
            a { b = ${c.d}, text = hello ${name}x }
            c.d = 1
            name = Roger
            name = Ann
            """);
        Assert.Equal(1, config.GetInt("a.b"));
        Assert.Equal("hello Annx", config.GetString("a.text"));
    }

    [Fact]
    public void Substitutions_may_stand_for_objects_and_chain()
    {
        var config = Parse("a.b { foo = hello, bar = 123 }\na.c.e = ${a.b}\nf = ${a.c.e}\ng = ${f}");
        Assert.Equal(123, config.GetInt("a.c.e.bar"));
        Assert.Equal("hello", config.GetConfig("g").GetString("foo"));
    }

    [Fact]
    public void Included_settings_belong_where_the_include_stands()
    {
        var asked = new List<string>();
        var config = ConfigurationFactory.ParseString("""
            a {
              b {
                x = 1
                include "defaults"
                z = 3
              }
            }
            """, name =>
        {
            asked.Add(name);
            return Parser.Parse("x = 2\ny = ${x}\nz = 2", null);
        });
        Assert.Equal(["defaults"], asked);
        Assert.Equal([2, 2, 3], new[] { "x", "y", "z" }.Select(k => config.GetInt("a.b." + k)));
    }

    [Fact]
    public void A_key_may_be_called_include() => Assert.Equal(1, Parse("include = 1").GetInt("include"));

    [Fact]
    public void An_empty_text_is_an_empty_configuration()
    {
        Assert.True(Parse("").IsEmpty);
        Assert.True(Parse("# nothing\n\n").IsEmpty);
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
        Assert.True(Config.Empty.IsNullOrEmpty());
        Assert.False(Parse("a = 1").IsEmpty);
    }
}
