using Akka.Zab.Sessions;

namespace Akka.Zab.Tests.Sessions;

public class SessionIdsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(255)]
    public void The_top_byte_is_the_server(int server)
    {
        var ids = new SessionIds(server, 1_750_000_000_000);
        for (var i = 0; i < 100; i++) Assert.Equal(server, (int)((ulong)ids.Next() >> 56));
    }

    [Fact]
    public void Ids_differ_and_a_server_that_started_a_millisecond_later_goes_on_above()
    {
        var earlier = new SessionIds(3, 1_750_000_000_000);
        var later = new SessionIds(3, 1_750_000_000_001);
        var first = later.Next();
        long last = 0;
        for (var i = 0; i < 65_535; i++)
        {
            var next = earlier.Next();
            Assert.True(next > last);
            last = next;
        }
        Assert.True(first > last);
    }
}
