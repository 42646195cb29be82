using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>Children in pages, in the order of their names: an extension.</summary>
public class ChildrenPageTests
{
    private readonly Edits edits = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(5000)]
    public void The_pages_together_are_the_whole_list_in_order(int limit)
    {
        edits.Create("/p");
        var random = new Random(limit);
        for (var i = 0; i < 1000; i++)
            edits.Create($"/p/{random.Next(100_000)}");
        var tree = edits.Tree;
        var all = Assert.IsType<ChildrenReply>(tree.Read(new GetChildren("/p"))).Names;
        var paged = new List<string>();
        string? after = null;
        ChildrenPageReply page;
        do
        {
            page = Assert.IsType<ChildrenPageReply>(tree.Read(new GetChildrenPage("/p", after, limit)));
            Assert.InRange(page.Names.Count, 1, limit);
            paged.AddRange(page.Names);
            after = page.Names[^1];
        }
        while (page.More);
        Assert.Equal(all, paged);
    }

    [Fact]
    public void A_page_begins_after_a_name_that_need_not_be_there()
    {
        foreach (var name in new[] { "", "/a", "/c", "/e" })
            edits.Create("/p" + name);
        Assert.Equal(["c", "e"], Page("b", 10, more: false));
        Assert.Equal(["e"], Page("c", 10, more: false));
        Assert.Equal(["a", "c"], Page(null, 2, more: true));
        Assert.Empty(Page("e", 2, more: false));
        Assert.Empty(Page("zzz", 2, more: false));

        IReadOnlyList<string> Page(string? after, int limit, bool more)
        {
            var page = Assert.IsType<ChildrenPageReply>(edits.Tree.Read(new GetChildrenPage("/p", after, limit)));
            Assert.Equal((more, 3), (page.More, page.Stat.ChildCount));
            return page.Names;
        }
    }

    [Fact]
    public void A_page_is_refused_like_any_list_of_children()
    {
        edits.Ask(new Create("/closed", [], [new Acl(Permissions.Write, "world", "anyone")]));
        Assert.Equal(new ErrorReply(ZabError.NoNode), edits.Tree.Read(new GetChildrenPage("/x", null, 1)));
        Assert.Equal(new ErrorReply(ZabError.NoAuth), edits.Tree.Read(new GetChildrenPage("/closed", null, 1)));
        foreach (var limit in new[] { 0, -1, 100_001 })
            Assert.Equal(new ErrorReply(ZabError.BadArguments), edits.Tree.Read(new GetChildrenPage("/", null, limit)));
        edits.Create("/leaf");
        Assert.Empty(Assert.IsType<ChildrenPageReply>(edits.Tree.Read(new GetChildrenPage("/leaf", null, 1))).Names);
    }
}
