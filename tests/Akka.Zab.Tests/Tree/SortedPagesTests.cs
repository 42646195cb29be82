using System.Runtime.CompilerServices;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>A map that is built from its leaves up is one like any other.</summary>
public class SortedPagesTests
{
    private const int Page = KeyedSlots<Session, SessionKey>.Capacity;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(Page - 1)]
    [InlineData(Page)]
    [InlineData(Page + 1)]
    [InlineData(Page * Page)]
    [InlineData((Page * Page) + 1)]
    [InlineData((Page * Page * Page) + Page + 1)]
    public void A_map_of_sorted_items_holds_what_one_has_to_which_they_were_added(int count)
    {
        var pages = new SortedPages<Session, SessionKey>(new object());
        var added = default(OrderedMap<Session, SessionKey>);
        var owner = new object();
        for (var i = 0; i < count; i++)
        {
            Assert.True(pages.Add(new Session(2 * i, null!), new SessionKey(2 * i)));
            Assert.True(added.Add(new Session(2 * i, null!), new SessionKey(2 * i), owner));
        }

        var map = pages.Finish();
        Assert.Equal(Ids(added), Ids(map));
        Assert.Equal(count, map.Count);
        for (var i = 0; i < count; i++)
        {
            Assert.False(Unsafe.IsNullRef(in map.Find(new SessionKey(2 * i))));
            Assert.True(Unsafe.IsNullRef(in map.Find(new SessionKey((2 * i) + 1))));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_takes_any_change_and_keeps_its_own_version(int seed)
    {
        var random = new Random(seed);
        var built = Enumerable.Range(0, 3000).Where(_ => random.Next(3) > 0).ToArray();
        var pages = new SortedPages<Session, SessionKey>(new object());
        foreach (var i in built)
            Assert.True(pages.Add(new Session(i, null!), new SessionKey(i)));
        var first = pages.Finish();
        var map = first;
        var model = new SortedSet<long>(built.Select(i => (long)i));
        var owner = new object();
        for (var step = 0; step < 6000; step++)
        {
            var i = random.Next(3000);
            if (step < 3000 ? random.Next(4) > 0 : random.Next(8) == 0)
                Assert.Equal(model.Add(i), map.Add(new Session(i, null!), new SessionKey(i), owner));
            else
                Assert.Equal(model.Remove(i), map.Remove(new SessionKey(i), owner));
        }

        Assert.Equal(model, Ids(map));
        Assert.Equal(built.Select(i => (long)i), Ids(first));
    }

    [Fact]
    public void What_does_not_come_after_the_last_is_refused()
    {
        var pages = new SortedPages<Session, SessionKey>(new object());
        for (var i = 0; i < 3 * Page; i++)
        {
            Assert.True(pages.Add(new Session(10 + i, null!), new SessionKey(10 + i)));
            Assert.False(pages.Add(new Session(10 + i, null!), new SessionKey(10 + i)));
            Assert.False(pages.Add(new Session(i, null!), new SessionKey(i)));
        }

        Assert.Equal(3 * Page, pages.Finish().Count);
    }

    private static List<long> Ids(OrderedMap<Session, SessionKey> map)
    {
        var ids = new List<long>();
        foreach (ref readonly var item in map)
            ids.Add(item.Id);
        return ids;
    }
}
