using Akka.Configuration;

namespace Akka.Engine.Tests.Hocon;

public class ConfigTests
{
    static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    [Fact]
    public void A_missing_setting_gives_the_default_that_was_asked_for()
    {
        var config = Parse("a = 1");
        Assert.Equal("x", config.GetString("no.such", "x"));
        Assert.Null(config.GetString("no.such"));
        Assert.Equal(7, config.GetInt("no", 7));
        Assert.Equal(8L, config.GetLong("no", 8));
        Assert.True(config.GetBoolean("no", true));
        Assert.Equal(1.5, config.GetDouble("no", 1.5));
        Assert.Equal(1.5f, config.GetFloat("no", 1.5f));
        Assert.Equal(1.5m, config.GetDecimal("no", 1.5m));
        Assert.Equal(TimeSpan.FromSeconds(1), config.GetTimeSpan("no", TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.Zero, config.GetTimeSpan("no"));
        Assert.Null(config.GetByteSize("no"));
        Assert.Equal(9, config.GetByteSize("no", 9));
        Assert.Empty(config.GetStringList("no"));
        Assert.Equal(["d"], config.GetStringList("no", ["d"]));
        Assert.Null(config.GetConfig("no"));
        Assert.Null(config.GetValue("no"));
        Assert.False(config.HasPath("no"));
        Assert.False(config.HasPath("a.b"));
        Assert.Equal(0, config.GetInt("no"));
    }

    [Fact]
    public void Numbers_and_booleans_are_read_the_same_in_every_culture()
    {
        var config = Parse("i = -12, l = 9000000000, d = 1.5, e = 1e3, b = [on, off, true, false], y = [0, 255]");
        Assert.Equal(-12, config.GetInt("i"));
        Assert.Equal(9_000_000_000, config.GetLong("l"));
        Assert.Equal(1.5, config.GetDouble("d"));
        Assert.Equal(1.5f, config.GetFloat("d"));
        Assert.Equal(1.5m, config.GetDecimal("d"));
        Assert.Equal(1000, config.GetDouble("e"));
        Assert.Equal([true, false, true, false], config.GetBooleanList("b"));
        Assert.Equal<byte>([0, 255], config.GetByteList("y"));
        Assert.Equal([0L, 255L], config.GetLongList("y"));
        Assert.Equal([0.0, 255.0], config.GetDoubleList("y"));
        Assert.Equal([0f, 255f], config.GetFloatList("y"));
        Assert.Equal([0m, 255m], config.GetDecimalList("y"));
    }

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("10 seconds", 10_000)]
    [InlineData("0.05 s", 50)]
    [InlineData("500ms", 500)]
    [InlineData("1500", 1_500)]
    [InlineData("1 minute", 60_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1 day", 86_400_000)]
    [InlineData("3000 micros", 3)]
    [InlineData("3000000 ns", 3)]
    public void Durations_have_units(string text, double milliseconds) =>
        Assert.Equal(milliseconds, Parse($"x = {text}").GetTimeSpan("x").TotalMilliseconds);

    [Fact]
    public void A_duration_may_be_infinite_where_the_reader_allows_it()
    {
        Assert.Equal(Timeout.InfiniteTimeSpan, Parse("x = infinite").GetTimeSpan("x"));
        Assert.Throws<FormatException>(() => Parse("x = infinite").GetTimeSpan("x", allowInfinite: false));
    }

    [Theory]
    [InlineData("100", 100)]
    [InlineData("100b", 100)]
    [InlineData("1m", 1 << 20)]
    [InlineData("128 KiB", 128 << 10)]
    [InlineData("256kB", 256_000)]
    [InlineData("2 MB", 2_000_000)]
    [InlineData("3 MiB", 3 << 20)]
    [InlineData("1 GiB", 1L << 30)]
    [InlineData("1E", 1L << 60)]
    public void Sizes_have_units(string text, long bytes) => Assert.Equal(bytes, Parse($"x = {text}").GetByteSize("x"));

    [Theory]
    [InlineData("x = abc")]
    [InlineData("x = 99999999999")]
    [InlineData("x = 1.5")]
    public void A_value_that_is_no_number_is_an_error(string hocon) =>
        Assert.ThrowsAny<Exception>(() => Parse(hocon).GetInt("x"));

    [BundledTheory]
    [InlineData("int", "a.b: 'abc' is not a whole number of 32 bits")]
    [InlineData("bool", "a.b: 'abc' is not a boolean; write on, off, true or false")]
    [InlineData("time", "a.b: 'abc' is not a duration")]
    [InlineData("size", "a.b: 'abc' is not a size")]
    [InlineData("list", "a.b: 'abc' is not a list; lists are written [ a, b ]")]
    public void A_wrong_value_is_named_with_its_path(string kind, string message)
    {
        var config = Parse("a.b = abc");
        var error = Assert.ThrowsAny<Exception>(() => kind switch
        {
            "int" => (object)config.GetInt("a.b"),
            "bool" => config.GetBoolean("a.b"),
            "time" => config.GetTimeSpan("a.b"),
            "size" => config.GetByteSize("a.b")!,
            _ => config.GetStringList("a.b"),
        });
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_fallback_fills_in_what_is_missing_at_any_depth()
    {
        var config = Parse("foo.bar.a = 123")
            .WithFallback(Parse("foo.bar { a = 1, b = 2, c = 3 }"))
            .WithFallback(Parse("foo.bar { b = 99, zork = 555 }\nother = 1"));
        Assert.Equal([123, 2, 3, 555], new[] { "a", "b", "c", "zork" }.Select(k => config.GetInt("foo.bar." + k)));
        Assert.Equal(1, config.GetInt("other"));
        var bar = config.GetConfig("foo.bar");
        Assert.Equal([123, 2, 3, 555], new[] { "a", "b", "c", "zork" }.Select(k => bar.GetInt(k)));
        Assert.Equal(["a", "b", "c", "zork"], bar.AsEnumerable().Select(p => p.Key).Order());
    }

    [Fact]
    public void Falling_back_leaves_both_configurations_as_they_were()
    {
        var one = Parse("a.b = 1");
        var two = Parse("a.c = 2");
        var both = one.WithFallback(two);
        Assert.Equal(2, both.GetInt("a.c"));
        Assert.False(one.HasPath("a.c"));
        Assert.False(two.HasPath("a.b"));
        Assert.DoesNotContain("c", both.ToString());
        Assert.Contains("c", both.ToString(true));
    }

    [Fact]
    public void Lists_and_scalars_replace_those_of_the_fallback()
    {
        var config = Parse("l = [1], s = 1, o = 1").WithFallback(Parse("l = [2, 3], s = 2, o.x = 1"));
        Assert.Equal([1], config.GetIntList("l"));
        Assert.Equal(1, config.GetInt("s"));
        Assert.Equal(1, config.GetInt("o"));
    }

    [Fact]
    public void Empty_and_null_fallbacks_change_nothing()
    {
        var config = Parse("a = 1");
        Assert.Equal(1, config.WithFallback(Config.Empty).GetInt("a"));
        Assert.Same(config, config.WithFallback(null!));
        Assert.Equal(1, Config.Empty.WithFallback(config).GetInt("a"));
        Assert.Same(config, config.SafeWithFallback(config));
        Assert.Same(config, ((Config)null!).SafeWithFallback(config));
        Assert.Throws<ArgumentException>(() => config.WithFallback(config));
    }

    [Fact]
    public void Text_converts_to_a_configuration()
    {
        Config config = "a = 1";
        Assert.Equal(1, config.GetInt("a"));
        Assert.Equal(2, (config + "b = 2").GetInt("b"));
        Assert.Equal(1, ("a = 1" + Parse("a = 2")).GetInt("a"));
    }

    [Fact]
    public void A_value_can_become_a_configuration_of_its_own()
    {
        var value = Parse("a.b = 1").GetValue("a");
        Assert.Equal(1, value.ToConfig().GetInt("b"));
        Assert.Equal(1, value.AtKey("x").GetInt("x.b"));
        Assert.True(value.IsObject());
        Assert.False(value.IsString());
        Assert.Equal("1", value.GetChildObject("b").GetString());
    }

    [Fact]
    public void An_object_becomes_a_configuration()
    {
        var config = ConfigurationFactory.FromObject(new { Name = "x y", Size = 3, Inner = new { On = true } });
        Assert.Equal("x y", config.GetString("Name"));
        Assert.Equal(3, config.GetInt("Size"));
        Assert.True(config.GetBoolean("Inner.On"));
    }

    [Fact]
    public void The_engine_has_defaults_of_its_own() => Assert.NotNull(ConfigurationFactory.Default());

    [BundledFact]
    public void A_resource_that_does_not_exist_is_named()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => ConfigurationFactory.FromResource<ConfigTests>("no.conf"));
        Assert.Equal("Akka.Engine.Tests has no embedded resource 'no.conf'.", error.Message);
    }
}
