# ruff: noqa: E501 - tables of Chinese words
"""Nouns of products, as data: what a brief may be about that no installed family describes."""

from __future__ import annotations

ENGLISH = """
    bicycle, bike, bicycle frame, bike frame, tricycle, tandem, unicycle, rocking horse, hobby horse, scooter, motorcycle, motorbike, moped, e bike,
    chair, armchair, stool, bench, sofa, couch, table, desk, bed, wardrobe, cupboard, shelf, bookshelf, cabinet,
    drawer, lamp, desk lamp, floor lamp, lantern, chandelier, phone stand, phone case, phone holder, phone,
    smartphone, tablet, laptop, laptop stand, keyboard, mouse, monitor, headphones, headphone, earbuds, speaker,
    camera, drone, quadcopter, helicopter, aeroplane, airplane, aircraft, glider, rocket, satellite, boat, ship,
    yacht, canoe, kayak, sailboat, submarine, train, locomotive, tram, bus, coach, truck, lorry, tractor,
    trailer, caravan, forklift, excavator, crane, wheelchair, pram, pushchair, stroller, skateboard, snowboard,
    surfboard, ski, skis, helmet, shoe, boot shoe, sneaker, glasses, sunglasses, watch, wristwatch, ring,
    necklace, bottle, water bottle, mug, cup, teapot, kettle, coffee machine, coffee maker, toaster, blender,
    mixer, oven, fridge, refrigerator, freezer, dishwasher, washing machine, vacuum cleaner, fan, heater,
    radiator, knife, fork, spoon, pan, pot, bowl, plate, vase, plant pot, bin, bucket, bag, backpack, rucksack,
    suitcase, umbrella, tent, hammock, guitar, violin, piano, bridge, house, tower, building, shed, gate, fence,
    door handle, hinge, bracket, gearbox, engine, pump, valve, turbine, wind turbine, propeller, robot,
    robot arm, gripper, drill, hammer, screwdriver, wrench, toothbrush, razor, hairdryer, toy, doll, ball,
    racket, golf club, rifle, clock, alarm clock, mirror cabinet, bathtub, sink, tap, faucet, toilet, brick
"""
CHINESE = """
    自行车, 单车, 自行车车架, 自行车架, 车架, 三轮车, 滑板车, 木马, 摇摇马, 摩托车, 电动车架, 电动自行车, 椅子, 扶手椅, 凳子, 板凳,
    长椅, 沙发, 桌子, 书桌, 床, 衣柜, 柜子, 书架, 架子, 台灯, 落地灯, 吊灯, 手机支架, 手机壳, 手机, 平板电脑, 笔记本电脑, 键盘,
    鼠标, 耳机, 音箱, 相机, 无人机, 直升机, 飞机, 火箭, 卫星, 船, 游艇, 皮划艇, 潜艇, 火车, 公交车, 公共汽车, 大巴, 卡车,
    货车, 拖车, 挂车, 房车, 拖拉机, 叉车, 挖掘机, 轮椅, 婴儿车, 滑板, 头盔, 鞋, 鞋子, 眼镜, 手表, 戒指, 水瓶, 水杯, 杯子, 茶壶, 水壶, 电水壶, 电热水壶, 热水壶, 咖啡机,
    面包机, 烤箱, 冰箱, 洗碗机, 洗衣机, 吸尘器, 风扇, 刀, 锅, 碗, 花瓶, 垃圾桶, 背包, 书包, 行李箱, 雨伞, 帐篷, 吉他, 钢琴,
    桥, 房子, 齿轮箱, 水泵, 阀门, 风力发电机, 螺旋桨, 机器人, 机械臂, 电钻, 牙刷, 吹风机, 玩具, 球拍, 闹钟, 浴缸, 水龙头
"""
