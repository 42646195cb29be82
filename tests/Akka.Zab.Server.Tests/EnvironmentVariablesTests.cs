using Akka.Configuration;

namespace Akka.Zab.Server.Tests;

public class EnvironmentVariablesTests
{
    [Theory]
    [InlineData("a = ${?PORT}", "8080")]
    [InlineData("a = ${PORT}", "8080")]
    [InlineData("a : ${?PORT} # the port", "8080")]
    [InlineData("a = ${?PORT} // the port", "8080")]
    [InlineData("{ a = ${?PORT}, b = 1 }", "8080")]
    [InlineData("a = 1\na = ${?PORT}\n", "8080")]
    [InlineData("a = 1\n\ta\t=\t${?PORT}\r\n", "8080")]
    [InlineData("a = 1\na = ${?UNSET}", "1")]
    [InlineData("a = 1, a = ${?UNSET}, b = 2", "1")]
    [InlineData("{ b = ${?UNSET}, a = 1 }", "1")]
    [InlineData("b { c = ${?UNSET} }\na = 1", "1")]
    [InlineData("a = \"akka.tcp://zab@\"${HOST}\":4051\"", "akka.tcp://zab@zab1.example.com:4051")]
    [InlineData("a = \"left\"${?UNSET}\"right\"", "leftright")]
    [InlineData("a = ${?QUOTED}", "say \"no\" \\ more")]
    [InlineData("a = ${?EMPTY}", "")]
    [InlineData("a = \"left\"${?EMPTY}\"right\"", "leftright")]
    [InlineData("# a = ${?PORT}\na = 1", "1")]
    [InlineData("a = \"${?PORT}\"", "${?PORT}")]
    [InlineData("a = \"\"\"${?PORT}\"\"\"", "${?PORT}")]
    [InlineData("b = 7\na = ${b}", "7")]
    public void A_variable_stands_where_it_is_named(string hocon, string expected) =>
        Assert.Equal(expected, Parse(hocon).GetString("a"));

    [Theory]
    [InlineData("a = [x, ${?UNSET}]")]
    [InlineData("a = [${?UNSET}, x]")]
    [InlineData("a = [\n  x\n  ${?UNSET}\n]")]
    public void A_list_leaves_out_what_is_not_set(string hocon) => Assert.Equal(["x"], Parse(hocon).GetStringList("a"));

    [Fact]
    public void A_list_has_a_variable_as_its_element() =>
        Assert.Equal(["8080", "x"], Parse("a = [${?PORT}, x]").GetStringList("a"));

    [Theory]
    [InlineData("a = ${UNSET}")]
    [InlineData("a = ${lower.case}")]
    [InlineData("a = ${?lower.case}")]
    [InlineData("a = ${}")]
    [InlineData("a = ${PORT")]
    [InlineData("a = \"no end ${PORT}")]
    [InlineData("a = \"\"\"no end ${PORT}")]
    [InlineData("a = $")]
    public void What_is_no_variable_is_left_to_the_parser(string hocon) =>
        Assert.Equal(hocon, EnvironmentVariables.Expand(hocon, ValueOf));

    static Config Parse(string hocon) =>
        ConfigurationFactory.ParseString(EnvironmentVariables.Expand(hocon, ValueOf));

    static string? ValueOf(string name) => name switch
    {
        "PORT" => "8080",
        "HOST" => "zab1.example.com",
        "QUOTED" => "say \"no\" \\ more",
        "EMPTY" => "",
        _ => null,
    };
}
