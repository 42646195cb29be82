using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 8: setWatches after a reconnect.</summary>
public class WatchCatchUpTests
{
    [Theory]
    [InlineData("Data", "/missing", "NodeDeleted")]
    [InlineData("Data", "/same", "")]
    [InlineData("Data", "/set", "NodeDataChanged")]
    [InlineData("Data", "/born", "NodeDataChanged")]
    [InlineData("Data", "/parent", "")]
    [InlineData("Exist", "/missing", "")]
    [InlineData("Exist", "/same", "NodeCreated")]
    [InlineData("Children", "/missing", "NodeDeleted")]
    [InlineData("Children", "/same", "")]
    [InlineData("Children", "/set", "")]
    [InlineData("Children", "/parent", "NodeChildrenChanged")]
    public void What_happened_is_told_and_else_the_watch_is_left(string list, string path, string expected)
    {
        var edits = new Edits();
        foreach (var known in new[] { "/same", "/set", "/parent", "/parent/gone" })
            edits.Create(known);
        var seen = edits.Zxid;
        edits.Ask(new SetData("/set", [1]));
        edits.Ask(new Delete("/parent/gone"));
        edits.Create("/born");

        string[] Only(string name) => name == list ? [path] : [];
        var late = new List<WatchEvent>();
        var register = new List<(WatchKind Kind, string Path)>();
        WatchCatchUp.Sort(
            edits.Tree, new SetWatches(seen, Only("Data"), Only("Exist"), Only("Children")), late, register);

        if (expected == "")
        {
            Assert.Empty(late);
            Assert.Equal([(list == "Children" ? WatchKind.Children : WatchKind.Data, path)], register);
        }
        else
        {
            Assert.Equal([new WatchEvent(Enum.Parse<WatchEventType>(expected), path, -1)], late);
            Assert.Empty(register);
        }
    }
}
