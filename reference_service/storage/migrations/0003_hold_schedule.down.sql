DROP TABLE schedule_hold;
