using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 6: path rules and sequence suffix.</summary>
public class PathRulesTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/a/b/c")]
    [InlineData("/...")]
    [InlineData("/.a")]
    [InlineData("/a.")]
    [InlineData("/with space")]
    [InlineData("/\u0020\u007e\u00a0\ud7ff\uf900\uffef")]
    public void Legal(string path) => Assert.True(PathRules.IsValid(path));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a/b")]
    [InlineData("//")]
    [InlineData("/a/")]
    [InlineData("/a//b")]
    [InlineData("/.")]
    [InlineData("/..")]
    [InlineData("/a/./b")]
    [InlineData("/a/..")]
    [InlineData("/\u0000")]
    [InlineData("/\u0001")]
    [InlineData("/a\u001f")]
    [InlineData("/a\u007f")]
    [InlineData("/a\u009f")]
    [InlineData("/a\ue000")]
    [InlineData("/a\uf8ff")]
    [InlineData("/a\ufff0")]
    [InlineData("/a\uffff")]
    public void Illegal(string path) => Assert.False(PathRules.IsValid(path));

    [Theory]
    [InlineData('\ud800')]
    [InlineData('\udc00')]
    [InlineData('\udfff')]
    public void Surrogates_are_illegal(char surrogate) => Assert.False(PathRules.IsValid("/a" + surrogate));

    [Theory]
    [InlineData(0, "/p/0000000000")]
    [InlineData(42, "/p/0000000042")]
    [InlineData(2147483647, "/p/2147483647")]
    [InlineData(-2147483648, "/p/-2147483648")]
    [InlineData(-5, "/p/-000000005")]
    public void The_counter_takes_ten_characters_with_its_sign(int counter, string path) =>
        Assert.Equal(path, PathRules.WithCounter("/p/", counter));

    [Theory]
    [InlineData("/a", "")]
    [InlineData("/a/b", "/a")]
    [InlineData("/", "")]
    [InlineData("/a/", "/a")]
    public void The_parent_is_what_stands_before_the_last_slash(string path, string parent) =>
        Assert.Equal(parent, PathRules.ParentOf(path).ToString());
}
