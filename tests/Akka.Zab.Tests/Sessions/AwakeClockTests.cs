using Akka.Zab.Sessions;

namespace Akka.Zab.Tests.Sessions;

public class AwakeClockTests
{
    [Fact]
    public void A_pause_counts_no_more_than_one_step()
    {
        var clock = new AwakeClock(1000, 200);
        Assert.Equal(100, clock.Advance(1100));
        Assert.Equal(300, clock.Advance(3_601_100));
        Assert.Equal(350, clock.Advance(3_601_150));
    }

    [Fact]
    public void A_clock_that_goes_back_counts_nothing()
    {
        var clock = new AwakeClock(1000, 200);
        Assert.Equal(0, clock.Advance(500));
        Assert.Equal(100, clock.Advance(600));
    }
}
